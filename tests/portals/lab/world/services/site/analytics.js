window.ga=window.ga||function(){};
