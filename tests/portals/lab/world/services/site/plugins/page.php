<title>Facebook</title>
