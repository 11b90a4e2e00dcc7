var sc=1;
