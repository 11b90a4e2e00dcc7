import rogues
import trustme


def play(stage):
    served, viewer = stage.host("pc-1", 21, "10:b6:76:10:20:21"), stage.host("pc-2", 22, "10:b6:76:10:20:22")
    certificate = served.folder / "own.pem"
    trustme.CA().issue_cert(common_name="AnyDesk Client").private_key_and_cert_chain_pem.write_to_path(str(certificate))
    rogues.talking(served, "serve-tls", "192.168.10.21", "7070", str(certificate), "1.2")
    stage.happens()
    rogues.talk(viewer, "tls", "192.168.10.21", "7070", "4000")
    stage.sees("VG-NET-07")
