"""Parts out of configuration: the sinks, and what core does for them. Only the composition roots import this."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from collector import config as settings
from collector.clock import Clock
from collector.config import Config
from exporters import maintenance
from exporters.alertmanager import Alertmanager, AlertmanagerOptions
from exporters.apprise_sink import AppriseOptions, AppriseSink
from exporters.jsonlines import JsonLines, JsonLinesOptions
from exporters.maintenance import Windows
from exporters.manner import Manner, Present
from exporters.pagerduty import PagerDuty, PagerDutyOptions
from exporters.render import Place
from exporters.sink import Sink
from exporters.sms_http import SmsHttp, SmsHttpOptions
from exporters.sms_modem import SmsModem, SmsModemOptions
from exporters.syslog import Syslog, SyslogOptions
from exporters.webhook import Webhook, WebhookOptions
from exporters.zalo import Zalo, ZaloOptions
from model.declared import Declared
from model.detector import Detector

# The options of `collector.config.alerting` that say how people are called.
_MANNER = {"level", "after", "group_over", "group_wait", "storm_over", "storm_window"}

if TYPE_CHECKING:
    from collector.journal import Signing
    from exporters.elastic import ElasticOptions
    from exporters.elastic.ecs import Origin


def sinks_of(config: Config, sites: Mapping[str, Declared], detectors: Sequence[Detector], clock: Clock, present: Present | None = None) -> list[Sink]:
    """Every configured sink. Raises OptionsError for a secret or file that cannot be used.

    `present` tells how findings stand; without it each change is told at once and by itself, whatever the options say, as a test message must be.
    """
    windows = Windows(config.state_dir / maintenance.NAME, config.language)
    made: list[Sink] = []
    for options in config.sinks:
        manner = None
        if present is not None and isinstance(options, settings.Calling):
            manner = _manner(config, options, clock, present, windows)
        made.append(_sink(config, options, sites, detectors, clock, manner))
    return made


def _manner(config: Config, options: settings.Calling, clock: Clock, present: Present, windows: Windows) -> Manner:
    given = options.model_dump(include=_MANNER)
    return Manner(now=clock.now, present=present, windows=windows, in_fleet=config.box.in_fleet, **given)


def elastic_options(config: Config, sites: Mapping[str, Declared], detectors: Sequence[Detector]) -> list[ElasticOptions]:
    """The options of every sink of type elasticsearch."""
    origin = _origin(config, sites, detectors)
    return [_elastic(config, options, origin) for options in config.sinks if isinstance(options, settings.Elasticsearch)]


def signing(config: Config) -> Signing | None:
    """How core signs rows for those sinks whose receiver checks who wrote; None where there are none. Raises ConfigError."""
    sinks = signed(config)
    if not sinks:
        return None
    from collector import boxkey  # noqa: PLC0415 - cryptography, for boxes that have such a sink

    return boxkey.signing(config.box.key_file, sinks)


def signed(config: Config) -> frozenset[str]:
    """The sinks whose rows core signs."""
    return frozenset(options.name for options in config.sinks if isinstance(options, settings.Elasticsearch))


def observed(config: Config) -> bool:
    """Whether any sink takes the rows of the view."""
    return any(isinstance(options, settings.Elasticsearch) or "observation" in getattr(options, "streams", ()) for options in config.sinks)


def province_options(config: Config, detectors: Sequence[Detector]) -> ElasticOptions:
    """How the province's service reaches its store; documents bear the names of what the province declares."""
    from exporters.elastic import ElasticOptions  # noqa: PLC0415 - as below
    from exporters.elastic.ecs import Origin  # noqa: PLC0415 - same

    reached = set(settings.EngineTable.model_fields) | {"urls"}
    rules = {detector.about.id: detector.about.title.to(config.language) for detector in detectors}
    origin = Origin(version=version("vonggac"), page_url=config.web.url, rules=rules)
    return ElasticOptions(**config.province.model_dump(include=reached, exclude_none=True), name="province", language=config.language, origin=origin)


def _sink(config: Config, options: settings.AnySink, sites: Mapping[str, Declared], detectors: Sequence[Detector], clock: Clock, manner: Manner | None) -> Sink:
    given = options.model_dump(exclude={"type", *_MANNER}, exclude_none=True)
    alerting = _alerting(config, options.name, given, _place(config, sites, detectors)) | {"manner": manner}
    match options:
        case settings.JsonLines():
            return JsonLines(JsonLinesOptions(**given, language=config.language))
        case settings.Elasticsearch():
            from exporters.elastic import Elastic  # noqa: PLC0415 - 0.3 s and 30 MB, for boxes that have one

            return Elastic(_elastic(config, options, _origin(config, sites, detectors)), now=clock.now)
        case settings.Mail() | settings.SmsModem() | settings.SmsHttp() | settings.Syslog():
            return _messages(config, options, alerting, clock)
        case _:
            return _on_call(options, alerting, clock)


def _on_call(
    options: settings.Webhook | settings.Alertmanager | settings.PagerDuty | settings.Zalo | settings.Apprise, alerting: dict[str, Any], clock: Clock
) -> Sink:
    match options:
        case settings.Webhook():
            return Webhook(WebhookOptions(**alerting), now=clock.now)
        case settings.Alertmanager():
            return Alertmanager(AlertmanagerOptions(**alerting), now=clock.now)
        case settings.PagerDuty():
            return PagerDuty(PagerDutyOptions(**alerting), now=clock.now)
        case settings.Zalo():
            return Zalo(ZaloOptions(**alerting), now=clock.now)
        case settings.Apprise():
            return AppriseSink(AppriseOptions(**alerting))


def _messages(config: Config, options: settings.Mail | settings.SmsModem | settings.SmsHttp | settings.Syslog, alerting: dict[str, Any], clock: Clock) -> Sink:
    match options:
        case settings.Mail():
            from exporters.mail import Mail, MailOptions  # noqa: PLC0415 - 30 ms of SMTP, for boxes that send mail

            return Mail(MailOptions(**alerting))
        case settings.SmsModem():
            return SmsModem(SmsModemOptions(**alerting), now=clock.now)
        case settings.SmsHttp():
            return SmsHttp(SmsHttpOptions(**alerting), now=clock.now)
        case settings.Syslog():
            return Syslog(SyslogOptions(**alerting, box=config.box.id, version=version("vonggac")), now=clock.now)


def _place(config: Config, sites: Mapping[str, Declared], detectors: Sequence[Detector]) -> Place:
    names = {code: site.name or code for code, site in sites.items()}
    name = next(iter(names.values())) if len(names) == 1 else ""
    return Place(name=name, names=names, page_url=config.web.url, rules={detector.about.id: detector.about.title for detector in detectors})


def _alerting(config: Config, name: str, given: dict[str, Any], place: Place) -> dict[str, Any]:
    """What every sink that alerts people is told beside its own options."""
    return {"language": config.language, **given, "told_file": config.state_dir / f"told-{name}.json", "place": place}


def _elastic(config: Config, options: settings.Elasticsearch, origin: Origin) -> ElasticOptions:
    from exporters.elastic import ElasticOptions  # noqa: PLC0415 - same

    return ElasticOptions(**options.model_dump(exclude={"type"}, exclude_none=True), language=config.language, origin=origin)


def _origin(config: Config, sites: Mapping[str, Declared], detectors: Sequence[Detector]) -> Origin:
    from exporters.elastic.ecs import Origin, SitePlace  # noqa: PLC0415 - same

    places = {site: SitePlace(name=declared.name, commune=declared.commune, province=declared.province) for site, declared in sites.items()}
    rules = {detector.about.id: detector.about.title.to(config.language) for detector in detectors}
    return Origin(box=config.box.id, box_name=config.box.name, version=version("vonggac"), sites=places, rules=rules, page_url=config.web.url)
