window.FB={init:function(){}};
