import rogues
import trustme


def play(stage):
    router = stage.host("router", 1, "a4:f4:c2:10:20:01")
    pc = stage.host("pc", 21, "10:b6:76:10:20:21")
    rogues.behind(pc, router)
    world = rogues.outside(router, "ultraviewer.net")
    certificate = router.folder / "world.pem"
    trustme.CA().issue_cert("ultraviewer.net").private_key_and_cert_chain_pem.write_to_path(str(certificate))
    rogues.talking(router, "serve-tls", world, "443", str(certificate))
    stage.happens()
    rogues.talk(pc, "tls", "dl2.ultraviewer.net", "443")
