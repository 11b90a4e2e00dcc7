window.ZaloSocialSDK={};
