window.grecaptcha={};
