"""Which connections the readers of remote control and activation ask for.

On the ports that belong to one product every segment is read, so that a log-in that fails is told from a session; elsewhere a product is known by how a
segment begins. A port by itself tells nothing.
"""

from __future__ import annotations

from collector.decode.flows.head import FlowDecoder
from collector.decode.remote import anydesk, kms, radmin, rdp, rfb, rustdesk, teamviewer, tls

_QUIET = 60

FLOWS: tuple[FlowDecoder, ...] = (
    FlowDecoder(name="tls", decode=tls.decode, starts=(tls.START,), limit=tls.LIMIT),
    FlowDecoder(name="rfb", decode=rfb.decode, ports=rfb.PORTS, limit=rfb.LIMIT, answer_limit=rfb.LIMIT, seconds=_QUIET),
    FlowDecoder(name="rfb_session", decode=rfb.session, ports=rfb.PORTS, limit=rfb.LIMIT, answer_limit=rfb.LIMIT, seconds=_QUIET),
    FlowDecoder(name="rfb_anywhere", decode=rfb.anywhere, starts=(rfb.START,), answers=(rfb.START,), limit=64, answer_limit=64),
    FlowDecoder(name="rdp", decode=rdp.decode, ports=(rdp.PORT,), limit=rdp.LIMIT, answer_limit=rdp.ANSWER_LIMIT),
    FlowDecoder(name="rdp_session", decode=rdp.session, ports=(rdp.PORT,), limit=rdp.LIMIT, answer_limit=rdp.ANSWER_LIMIT, seconds=_QUIET),
    FlowDecoder(name="rdp_anywhere", decode=rdp.anywhere, starts=(rdp.START,), answers=(rdp.START,), limit=256, answer_limit=64),
    FlowDecoder(name="radmin", decode=radmin.decode, ports=(radmin.PORT,), limit=radmin.LIMIT, answer_limit=radmin.ANSWER_LIMIT),
    FlowDecoder(name="radmin_session", decode=radmin.session, ports=(radmin.PORT,), limit=radmin.LIMIT, answer_limit=radmin.ANSWER_LIMIT, seconds=_QUIET),
    FlowDecoder(name="teamviewer", decode=teamviewer.decode, starts=teamviewer.STARTS, limit=teamviewer.LIMIT),
    FlowDecoder(name="teamviewer_web", decode=teamviewer.web, starts=teamviewer.WEB_STARTS, limit=teamviewer.LIMIT),
    FlowDecoder(name="rustdesk", decode=rustdesk.decode, ports=rustdesk.PORTS, limit=rustdesk.LIMIT, answer_limit=rustdesk.ANSWER_LIMIT),
    FlowDecoder(name="rustdesk_session", decode=rustdesk.session, ports=(rustdesk.RELAY_PORT,), limit=rustdesk.LIMIT, answer_limit=rustdesk.ANSWER_LIMIT),
    FlowDecoder(name="anydesk", decode=anydesk.decode, ports=(anydesk.DIRECT_PORT,), limit=anydesk.LIMIT, answer_limit=anydesk.ANSWER_LIMIT),
    FlowDecoder(
        name="anydesk_session", decode=anydesk.session, ports=(anydesk.DIRECT_PORT,), limit=anydesk.LIMIT, answer_limit=anydesk.ANSWER_LIMIT, seconds=_QUIET
    ),
    FlowDecoder(name="kms", decode=kms.decode, starts=(kms.START,), limit=kms.LIMIT),
)
