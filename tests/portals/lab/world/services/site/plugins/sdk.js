window.Zalo={};
