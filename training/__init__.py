"""How ``index/model/`` and the learnt weights are made from the material."""
