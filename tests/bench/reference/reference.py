"""What a careful Python team would have written: the reference of P1 and P2 (`make bench`).

`pipeline` is a Lambda behind SQS: Powertools' batch processor, pydantic 2 models, boto3's batch writer with signed
requests, answered at once. `stage` is its middle alone, from rows in memory to decisions in memory. Both decide as
`shared/domain` does for the facts that the input holds; the benchmark asserts that they do.

Commands come on standard input, one a line; each is answered with one line of JSON.
"""

import json
import sys
import time
import unicodedata
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Optional
from urllib.parse import unquote
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

import boto3
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from botocore.awsrequest import AWSResponse
from dateutil.relativedelta import relativedelta
from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter

NAMESPACE = UUID("6f1e5c0a-27b4-4d0e-9a35-a1c07e2d11f4")
RECENT = timedelta(days=7)
BANDS = [1, 2, 11, 51, 201, 501, 1001, 5001, 10001]


# ------------------------------------------------------------------------------------------------ normalise


def member_id(text: str) -> Optional[str]:
    rest = text[5:] if text.startswith("ACoAA") else ""
    return text if rest and all(c.isascii() and (c.isalnum() or c in "-_") for c in rest) else None


def host_is_linkedin(host: str) -> bool:
    host = host.lower()
    if not host.endswith("linkedin.com"):
        return False
    before = host[: -len("linkedin.com")]
    return before in ("", "www.", "m.") or (len(before) == 3 and before.endswith(".") and before[:2].isalpha())


def key_of(raw: Optional[str]) -> Optional[str]:
    """The key in an address, an urn or a bare member id; the common forms."""
    text = (raw or "").strip()
    if not text or any(c.isspace() for c in text):
        return None
    if found := member_id(text):
        return f"member_id#{found}"
    if text.lower().startswith("urn:li:"):
        parts = text.split(":", 3)
        found = member_id(parts[3]) if len(parts) == 4 and parts[2] in ("fsd_profile", "person", "fs_miniProfile") else None
        return f"member_id#{found}" if found else None
    scheme, separator, rest = text.partition("://")
    if separator and scheme.lower() not in ("http", "https"):
        return None
    rest = rest if separator else text
    host, _, path = rest.partition("/")
    if not host_is_linkedin(host):
        return None
    segments = [unquote(s) for s in path.split("?")[0].split("#")[0].split("/") if s]
    while segments and segments[0].lower() in ("mwlite", "comm", "embed"):
        segments.pop(0)
    if len(segments) < 2 or segments[0].lower() != "in":
        return None
    if found := member_id(segments[1]):
        return f"member_id#{found}"
    slug = unicodedata.normalize("NFC", segments[1].lower())
    return None if slug in ("unavailable", "me") else f"slug#{slug}"


def degree_of(value: Any) -> Optional[int]:
    digits = "".join(c for c in str(value or "") if c.isdigit())
    return int(digits) if digits in ("1", "2", "3") else None


def instant_of(value: Any) -> Optional[datetime]:
    if isinstance(value, (int, float)):
        return datetime.fromtimestamp(value / 1000, timezone.utc)
    return datetime.fromisoformat(value.replace("Z", "+00:00")) if value else None


Degree = Annotated[Optional[int], BeforeValidator(degree_of)]
Instant = Annotated[Optional[datetime], BeforeValidator(instant_of)]


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class ReactionRow(BaseModel):
    name: Optional[str] = None
    headline: Optional[str] = Field(None, validation_alias=AliasChoices("subtitle", "job_title", "headline"))
    profile_url: Optional[str] = None
    actor_urn: Optional[str] = None
    reaction: Optional[str] = Field(None, validation_alias=AliasChoices("type", "reaction_type"))
    degree: Degree = Field(None, validation_alias="connection_degree")


class Commenter(BaseModel):
    name: Optional[str] = None
    headline: Optional[str] = Field(None, validation_alias=AliasChoices("occupation", "headline"))
    profile_url: Optional[str] = Field(None, validation_alias=AliasChoices("linkedin_url", "profile_url"))
    profile_urn: Optional[str] = None


class CommentRow(BaseModel):
    comment_urn: Optional[str] = None
    text: Optional[str] = Field(None, validation_alias=AliasChoices("comment_text", "text"))
    at: Instant = Field(None, validation_alias=AliasChoices("created_time", "commented_at"))
    commenter: Commenter = Commenter()


class Data(BaseModel):
    reactions: list[ReactionRow] = []
    comments: list[CommentRow] = []


class Answer(BaseModel):
    status: str
    data: Data


class Page(BaseModel):
    urn: str
    post_url: str
    own_post: bool
    post_date: datetime
    part: str
    answer: str


# ---------------------------------------------------------------------------------------- settings and facts


class Reading(BaseModel):
    value: str
    text: str


class Company(BaseModel):
    name: Optional[str] = None
    industry: Optional[str] = None
    size_min: Optional[int] = None
    size_max: Optional[int] = None


class Analysis(BaseModel):
    analysed_at: datetime
    title: Optional[Reading] = None
    seniority: Optional[Reading] = None
    function: Optional[Reading] = None
    country: Optional[Reading] = None
    company: Optional[Company] = None


class Known(BaseModel):
    keys: list[str]
    analysis: Analysis
    suppressed: bool
    exclusion: Optional[str] = None
    contacted_at: Optional[datetime] = None
    rejected_at: Optional[datetime] = None


class Wanted(BaseModel):
    text: str
    phrase: str
    seniority: Optional[str] = None
    function: str
    any_intern: bool


class Settings(BaseModel):
    now: datetime
    threshold: int
    min_fit: int
    weights: dict[str, int]
    model_version: str
    timezone: str
    icp: dict[str, Any]
    titles: list[Wanted]
    exclude_titles: list[Wanted]
    industries: dict[str, str]
    adjacent: set[tuple[str, str]]
    seniorities: list[str]
    tones: dict[str, str]
    known: list[Known]


# ------------------------------------------------------------------------------------------- score and gate


class Engagement(BaseModel):
    id: str
    post_url: str
    own_post: bool
    kind: str
    reaction: Optional[str] = None
    text: Optional[str] = None
    tone: Optional[str] = None
    at: datetime
    at_estimated: bool
    first_seen_at: datetime


class Feature(Frozen):
    name: str
    points: int
    value: Optional[str] = None
    evidence: Optional[str] = None


class Reason(Frozen):
    code: str
    text_fr: str
    text_en: str


class Verdict(str, Enum):
    allow = "allow"
    hold = "hold"
    refuse = "refuse"


class Decision(BaseModel):
    verdict: Verdict
    threshold: int
    score: int
    fit: int
    model_version: str
    features: list[Feature]
    reasons: list[Reason]
    route: Optional[str]
    decided_at: datetime
    expires_at: datetime
    asked_by: str


def fold(text: str) -> str:
    text = text.replace("’", "'").lower()
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def spaced(text: str) -> str:
    words = "".join(c if c.isalnum() else " " for c in fold(text)).split()
    return " " + " ".join(words) + " "


def band(employees: int) -> int:
    return max(place for place, low in enumerate(BANDS) if employees >= low or place == 0)


class Rules:
    """The rules over one workspace's settings, read once."""

    def __init__(self, settings: Settings):
        self.settings = settings
        self.rank = {name: place for place, name in enumerate(settings.seniorities)}
        ranks = [self.rank[name] for name in settings.icp["seniorities"]]
        self.low, self.high = min(ranks), max(ranks)
        size = settings.icp["company_size"]
        self.size_low, self.size_high = size["min"], size["max"]
        self.countries = set(settings.icp["countries"])
        self.zone = ZoneInfo(settings.timezone)

    def title_points(self, analysis: Analysis) -> int:
        if analysis.title is None:
            return 0
        w = self.settings.weights
        function = analysis.function.value if analysis.function else None
        seniority = analysis.seniority.value if analysis.seniority else None
        near = False
        for wanted in self.settings.titles:
            if function is None or function == "other":
                break
            if function == wanted.function:
                return w["title_exact"]
            near = near or (function, wanted.function) in self.settings.adjacent
        title = spaced(analysis.title.value)
        for wanted in self.settings.titles:
            if wanted.seniority == seniority and wanted.phrase.strip() and wanted.phrase in title:
                return w["title_exact"]
        return w["title_adjacent"] if near else 0

    def level(self, analysis: Analysis) -> Optional[str]:
        if analysis.title is None:
            return None
        return analysis.seniority.value if analysis.seniority else "senior"

    def off(self, level: str) -> int:
        rank = self.rank[level]
        return max(self.low - rank, rank - self.high, 0)

    def size_points(self, company: Optional[Company]) -> int:
        if company is None or company.size_min is None:
            return 0
        low, high = company.size_min, company.size_max or 2**32 - 1
        if low <= self.size_high and high >= self.size_low:
            return self.settings.weights["company_size_in"]
        gap = band(self.size_low) - band(high) if high < self.size_low else band(low) - band(self.size_high)
        return self.settings.weights["company_size_near"] if abs(gap) <= 1 else 0

    def fit_features(self, analysis: Analysis) -> list[Feature]:
        w, company = self.settings.weights, analysis.company
        title, level = analysis.title, self.level(analysis)
        text = title.text if title else None
        off = self.off(level) if level else None
        seniority = w["seniority_in"] if off == 0 else w["seniority_near"] if off == 1 else 0
        industry = company.industry if company else None
        match = self.settings.industries.get(industry or "", "none")
        points = {"exact": w["industry_exact"], "near": w["industry_adjacent"], "none": 0}[match]
        country = analysis.country.value if analysis.country else None
        size = None
        if company and company.size_min is not None:
            size = str(company.size_min) if company.size_max == company.size_min else f"{company.size_min}+"
        features = [
            Feature(name="title", points=self.title_points(analysis), value=title.value if title else None, evidence=text),
            Feature(name="seniority", points=seniority, value=level, evidence=text),
            Feature(name="industry", points=points, value=industry, evidence=industry),
            Feature(name="company_size", points=self.size_points(company), value=size, evidence=company.name if company else None),
            Feature(
                name="country",
                points=w["country"] if country in self.countries else 0,
                value=country,
                evidence=analysis.country.text if analysis.country else None,
            ),
        ]
        if off is not None and off >= 3:
            features.append(Feature(name="level_mismatch", points=w["level_mismatch"], value=level, evidence=text))
        return features

    def act_features(self, engagements: list[Engagement], degree: Optional[int]) -> list[Feature]:
        w, now = self.settings.weights, self.settings.now
        worth = {"positive": w["commented"], "question": w["commented"], "neutral": w["commented_neutral"]}
        features = []

        def best(found: list[tuple[int, Engagement]]) -> Optional[tuple[int, Engagement]]:
            return max(found, key=lambda pair: (pair[0], pair[1].at, pair[1].id), default=None)

        reactions = [(w["reacted_own" if e.own_post else "reacted_other"], e) for e in engagements if e.kind == "reaction"]
        if found := best(reactions):
            features.append(Feature(name="reacted", points=found[0], value=found[1].reaction or "unknown", evidence=found[1].id))
        comments = [(worth[e.tone], e) for e in engagements if e.kind == "comment" and e.tone in worth]
        if found := best(comments):
            features.append(Feature(name="commented", points=found[0], value=found[1].tone, evidence=found[1].id))
        if engagements:
            latest = max(engagements, key=lambda e: (e.at, e.id))
            if now - latest.at < RECENT:
                features.append(Feature(name="recent", points=w["recent"], value=latest.at.isoformat(), evidence=latest.id))
        proximity = {1: w["proximity_1"], 2: w["proximity_2"]}.get(degree or 0, 0)
        features.append(Feature(name="proximity", points=proximity, value=str(degree) if degree else None))
        if found := best([(w["negative_comment"], e) for e in engagements if e.tone == "negative"]):
            features.append(Feature(name="negative_comment", points=found[0], value="negative", evidence=found[1].id))
        return features

    def excluded_title(self, analysis: Analysis) -> Optional[str]:
        if analysis.title is None:
            return None
        title = spaced(analysis.title.value)
        seniority = analysis.seniority.value if analysis.seniority else None
        for wanted in self.settings.exclude_titles:
            same = wanted.seniority is None or wanted.seniority == seniority
            if (wanted.any_intern and seniority == "intern") or (same and wanted.phrase.strip() and wanted.phrase in title):
                return wanted.text
        return None

    def decide(self, known: Known, engagements: list[Engagement], degree: Optional[int]) -> Decision:
        settings, now = self.settings, self.settings.now
        fit_features = self.fit_features(known.analysis)
        features = fit_features + self.act_features(engagements, degree)
        score = max(0, min(100, sum(f.points for f in features)))
        fit = max(0, sum(f.points for f in fit_features if f.name != "level_mismatch"))
        reasons: list[Reason] = []

        def say(code: str, fr: str, en: str) -> None:
            reasons.append(Reason(code=code, text_fr=fr, text_en=en))

        if known.suppressed:
            say("suppressed", "sur la liste noire : ne sera jamais contacté", "on the black list: never contacted")
        if known.exclusion:
            code = "is_customer" if known.exclusion == "customer" else known.exclusion
            say(code, "n’est pas un prospect", "is no lead")
        if title := self.excluded_title(known.analysis):
            say("excluded_title", f"le poste est exclu par le client idéal (ICP) : « {title} »", f"the title is excluded: “{title}”")
        if known.rejected_at:
            say("rejected_by_reviewer", "refusé à la relecture dans cette campagne", "rejected in review in this campaign")
        if known.contacted_at:
            until = (known.contacted_at.astimezone(self.zone) + relativedelta(months=6)).astimezone(timezone.utc)
            if now < until:
                day = until.astimezone(self.zone).date()
                say("recently_contacted", f"a été contacté récemment : possible à partir du {day}", f"was contacted recently: possible from {day}")
        if fit < settings.min_fit:
            say("below_min_fit", f"profil à {fit} points pour un minimum de {settings.min_fit}", f"profile at {fit} points for a minimum of {settings.min_fit}")
        if score < settings.threshold:
            missing = settings.threshold - score
            say("below_threshold", f"il manque {missing} points", f"{missing} points short")
        verdict = Verdict.refuse if reasons else Verdict.allow
        route = None if reasons else ("message" if degree == 1 else "invitation")
        return Decision(
            verdict=verdict,
            threshold=settings.threshold,
            score=score,
            fit=fit,
            model_version=settings.model_version,
            features=features,
            reasons=reasons,
            route=route,
            decided_at=now,
            expires_at=now + timedelta(hours=24),
            asked_by="bench",
        )


# --------------------------------------------------------------------------------------------------- people


class Person:
    __slots__ = ("id", "keys", "name", "headline", "degree", "engagements", "order", "merged_into", "decision", "pointers")

    def __init__(self, id: str, keys: list[str], order: int):
        self.id, self.keys, self.order = id, keys, order
        self.name = self.headline = self.degree = self.merged_into = self.decision = None
        self.engagements: dict[str, Engagement] = {}
        self.pointers = 0


class Workspace:
    def __init__(self, rules: Rules, known: dict[str, Known]):
        self.rules, self.known = rules, known
        self.index: dict[str, Person] = {}
        self.people: list[Person] = []

    def person_of(self, keys: list[str]) -> tuple[Person, list[Person]]:
        merged: list[Person] = []
        found: list[Person] = []
        for key in keys:
            person = self.index.get(key)
            if person is not None and person not in found:
                found.append(person)
        if not found:
            person = Person(f"pro_{uuid5(NAMESPACE, 'bench' + keys[-1]).hex}", list(keys), len(self.people))
            self.people.append(person)
        else:
            found.sort(key=lambda p: p.order)
            person = found[0]
            for other in found[1:]:
                other.merged_into = person.id
                person.keys.extend(k for k in other.keys if k not in person.keys)
                person.engagements.update(other.engagements)
                person.degree = person.degree or other.degree
                for key in other.keys:
                    self.index[key] = person
                merged.append(other)
            person.keys.extend(k for k in keys if k not in person.keys)
        for key in person.keys:
            self.index[key] = person
        return person, merged

    def take_in(self, row: Any, page: Page) -> Optional[tuple[Person, list[Person]]]:
        if isinstance(row, ReactionRow):
            who, urn, degree = row, row.actor_urn, row.degree
            kind, reference, reaction, text, at = "reaction", "reaction", row.reaction, None, None
        else:
            who, urn, degree = row.commenter, row.commenter.profile_urn, None
            kind, reference, reaction, text, at = "comment", row.comment_urn or "", None, row.text, row.at
        keys = [key for key in dict.fromkeys((key_of(who.profile_url), key_of(urn))) if key]
        if not keys or "/company/" in (who.profile_url or ""):
            return None
        person, merged = self.person_of(keys)
        person.name = person.name or (who.name or "").strip() or None
        person.headline = person.headline or who.headline
        person.degree = person.degree or degree
        now = self.rules.settings.now
        engagement = Engagement(
            id=f"eng_{uuid5(NAMESPACE, f'bench{person.id}{page.urn}{kind}{reference}').hex}",
            post_url=page.post_url,
            own_post=page.own_post,
            kind=kind,
            reaction=reaction,
            text=text,
            tone=self.rules.settings.tones.get(text) if text is not None else None,
            at=at or min(page.post_date, now),
            at_estimated=at is None,
            first_seen_at=now,
        )
        person.engagements[engagement.id] = engagement
        return person, merged

    def decide(self, person: Person) -> Decision:
        known = next(self.known[key] for key in person.keys if key in self.known)
        return self.rules.decide(known, list(person.engagements.values()), person.degree)

    def verdicts(self, decisions: list[tuple[Person, Decision]]) -> list[list[Any]]:
        return sorted(
            [" ".join(sorted(p.keys)), d.verdict.value, d.score, d.reasons[0].code if d.reasons else None] for p, d in decisions
        )


# --------------------------------------------------------------------------------------------------- the two measures


def stage(settings: Settings, known: dict[str, Known], pages: list[tuple[Page, list[dict[str, Any]]]]) -> list[list[Any]]:
    workspace = Workspace(Rules(settings), known)
    reactions, comments = TypeAdapter(list[ReactionRow]), TypeAdapter(list[CommentRow])
    for page, items in pages:
        rows = (reactions if page.part == "reactions" else comments).validate_python(items)
        for row in rows:
            workspace.take_in(row, page)
    return workspace.verdicts([(p, workspace.decide(p)) for p in workspace.people if p.merged_into is None])


def as_item(model: BaseModel) -> Any:
    """A model as DynamoDB takes it: without floats, which these models have none of."""
    return json.loads(model.model_dump_json(exclude_none=True), parse_float=Decimal)


class Function:
    """The Lambda."""

    def __init__(self, settings: Settings, known: dict[str, Known]):
        self.workspace = Workspace(Rules(settings), known)
        resource = boto3.resource("dynamodb", region_name="eu-west-3", aws_access_key_id="bench", aws_secret_access_key="bench")
        # Built and signed, then answered at once.
        resource.meta.client.meta.events.register("before-send.dynamodb", answered)
        self.table = resource.Table("bench")
        self.processor = BatchProcessor(event_type=EventType.SQS)

    def record(self, record: SQSRecord) -> None:
        page = Page.model_validate(record.json_body)
        data = Answer.model_validate_json(page.answer).data
        touched: dict[str, Person] = {}
        gone: list[Person] = []
        for row in data.reactions if page.part == "reactions" else data.comments:
            if taken := self.workspace.take_in(row, page):
                touched[taken[0].id] = taken[0]
                gone.extend(taken[1])
        with self.table.batch_writer(overwrite_by_pkeys=["pk", "sk"]) as writer:
            for person in touched.values():
                if person.merged_into is None:
                    person.decision = self.workspace.decide(person)
                    self.write(writer, person, page)
            for person in gone:
                writer.put_item(Item={**head_key(person), "t": "prospect", "v": 2, "merged_into": person.merged_into, "keys": person.keys})

    def write(self, writer: Any, person: Person, page: Page) -> None:
        decision = person.decision
        writer.put_item(
            Item={
                **head_key(person),
                "t": "prospect",
                "v": 1,
                "st": decision.verdict.value,
                "lpk": "ws_bench#people",
                "lsk": f"{decision.score:03}s#{person.id}",
                "name": person.name,
                "headline": person.headline,
                "degree": person.degree,
                "keys": person.keys,
                "decision": as_item(decision),
            }
        )
        for key in person.keys[person.pointers :]:
            writer.put_item(Item={"pk": f"ws_bench#key#{key}", "sk": "pointer", "t": "identity", "v": 1, "prospect": person.id})
        person.pointers = len(person.keys)
        for engagement in person.engagements.values():
            if engagement.post_url == page.post_url:
                key = {"pk": head_key(person)["pk"], "sk": f"engagement#{engagement.id}"}
                writer.put_item(Item={**key, "t": "engagement", "v": 1, "urn": page.urn, **as_item(engagement)})

    def handler(self, event: dict[str, Any], context: Any) -> Any:
        return process_partial_response(event=event, record_handler=self.record, processor=self.processor, context=context)


def head_key(person: Person) -> dict[str, str]:
    return {"pk": f"ws_bench#prospect#{person.id}", "sk": "head"}


class Raw:
    """A body that is there already."""

    def stream(self, *_: Any, **__: Any):
        yield b'{"UnprocessedItems":{}}'


def answered(request: Any, **_: Any) -> AWSResponse:
    assert b"Signature=" in request.headers["Authorization"]
    return AWSResponse(request.url, 200, {"content-type": "application/x-amz-json-1.0"}, Raw())


def pipeline(settings: Settings, known: dict[str, Known], events: list[str]) -> list[list[Any]]:
    function = Function(settings, known)
    for event in events:
        answer = function.handler(json.loads(event), None)
        assert answer == {"batchItemFailures": []}, answer
    people = [p for p in function.workspace.people if p.merged_into is None]
    return function.workspace.verdicts([(p, p.decision) for p in people])


def main(folder: str) -> None:
    with open(f"{folder}/settings.json", encoding="utf-8") as file:
        settings = Settings.model_validate_json(file.read())
    with open(f"{folder}/events.jsonl", encoding="utf-8") as file:
        events = file.read().splitlines()
    known = {key: person for person in settings.known for key in person.keys}
    bodies = [json.loads(r["body"]) for event in events for r in json.loads(event)["Records"]]
    pages = [(Page.model_validate(body), json.loads(body["answer"])["data"][body["part"]]) for body in bodies]
    for command in sys.stdin:
        measure, work = {"stage": (stage, pages), "pipeline": (pipeline, events)}[command.strip()]
        started = time.thread_time()
        verdicts = measure(settings, known, work)
        seconds = time.thread_time() - started
        with open(f"{folder}/verdicts.json", "w", encoding="utf-8") as file:
            json.dump(verdicts, file)
        print(json.dumps({"seconds": seconds}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
