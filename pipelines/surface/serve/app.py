"""The HTTP interface: addresses, parameters, OpenAPI in Chinese. What is decided and logged is in `service`."""

import os
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends, FastAPI, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, StreamingResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.exceptions import HTTPException

from pipelines.sharing.granted import PullRequest
from pipelines.sharing.pull import REPORT
from pipelines.sharing.refusal import Refusal, shown
from pipelines.store.workspace import Workspace, open_workspace
from pipelines.surface.serve import messages
from pipelines.surface.serve.front import front_page
from pipelines.surface.serve.service import CHANNEL, Answer, Caller, Service, now
from schemas.faults import Finding
from schemas.faults import sharing as faults

UNKNOWN = "（未识别）"
MEDIA: Mapping[str, tuple[str, str]] = {
    "csv": ("text/csv; charset=utf-8", ".csv"),
    "json": ("application/json", ".json"),
    "parquet": ("application/vnd.apache.parquet", ".parquet"),
    "arrow": ("application/vnd.apache.arrow.file", ".arrow"),
    "arrows": ("application/vnd.apache.arrow.stream", ".arrows"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
}
STATUS: Mapping[str, int] = {
    **dict.fromkeys(("OF-440", "OF-441", "OF-442"), 401),
    **dict.fromkeys(("OF-410", "OF-413", "OF-414", "OF-415", "OF-416", "OF-417", "OF-426", "OF-443"), 403),
    **dict.fromkeys(("OF-411", "OF-421", "OF-422", "OF-447"), 404),
    **dict.fromkeys(("OF-402", "OF-403"), 409),
    **dict.fromkeys(("OF-420", "OF-423", "OF-425", "OF-446"), 422),
    "OF-445": 410,
    "OF-419": 503,
}
"""HTTP status by fault; what is not named is 400."""
REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": messages.Refused, "description": text}
    for status, text in {
        400: "请求不合规定",
        401: "没有令牌，或令牌不认识、已过期、已吊销",
        403: "没有授权，或超出授权",
        404: "没有这个视图、报告期或数据",
        409: "模板不能回填",
        410: "翻页的版本已撤下",
        422: "参数不合规定",
        503: "还没有发布",
    }.items()
}
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_bearer = HTTPBearer(auto_error=False, description="数据管理部门签发的令牌")

Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
View = Annotated[str, Path(description="视图名、报表编号或报表名称", max_length=80)]
Purpose = Annotated[str, Query(description="用途，与授权一致（政务数据共享条例第二十条）", max_length=200)]
Area = Annotated[str, Query(description="区划代码（12 位）或名称；不写就是全县", max_length=40)]
Period = Annotated[str, Query(description="报告期，如 2025-12；不写就是全部", max_length=10)]
Columns = Annotated[str, Query(description="只取这些列，用中文分号隔开；不写就是全部可取的列", max_length=4000)]
Department = Annotated[str, Query(description="可不写；写了就必须是令牌所属的部门", max_length=80)]


def create_app(workspace: Workspace) -> FastAPI:
    """Return the interface of a workspace."""
    service = Service(workspace)
    app = FastAPI(
        title="一表通取数接口",
        version="1",
        description="部门凭令牌取回自己的报表和授权范围内的数据。只读已发布的快照；每次请求（含被拒绝的）先记入日志再答复。",
        docs_url=None,
        redoc_url=None,
        responses=REFUSALS,
    )

    def caller(request: Request, credentials: Credentials, department: Department = "") -> Caller:
        """Return who asks; kept on the request, so that a refusal is logged under the right name."""
        address = request.client.host if request.client else ""
        request.state.caller = Caller(address)
        found = service.caller(credentials.credentials if credentials else "", address)
        request.state.caller = found
        if department and department != found.department:
            raise Refusal(faults.TOKEN_OF_ANOTHER.at())
        return found

    Asking = Annotated[Caller, Depends(caller)]

    @app.get("/v1/views", summary="可取的视图", response_model=messages.ViewList)
    def views(who: Asking) -> Response:
        """列出本部门今天可取的视图：列、范围、用途、依据。"""
        return _json(service.views(_request(who, "共享目录")))

    @app.get("/v1/views/{view}", summary="视图的说明", response_model=messages.ViewDescription)
    def view(who: Asking, view: View) -> Response:
        """每一列来自哪个数据元、哪本台账、怎样换算、有多新、缺多少。"""
        return _json(service.view(_request(who, view)))

    @app.get("/v1/views/{view}/rows", summary="分页取数", response_model=messages.Page)
    def rows(
        who: Asking,
        view: View,
        purpose: Purpose = "",
        area: Area = "",
        period: Period = "",
        columns: Columns = "",
        limit: Annotated[int, Query(ge=1, le=10_000, description="一页多少行")] = 1000,
        cursor: Annotated[str, Query(description="上一页给的翻页标记", max_length=200)] = "",
    ) -> Response:
        """按区划和报告期取一页；翻页期间即使发布了新版本，也一直读同一个版本。"""
        return _json(service.page(_request(who, view, purpose, area, period, columns), who, limit, cursor))

    data = {"content": {media.split(";")[0]: _BINARY for media, _ in MEDIA.values()}, "description": "数据文件"}

    @app.get("/v1/views/{view}/data", summary="整张取数", response_class=Response, responses={200: data})
    def whole(
        who: Asking,
        view: View,
        purpose: Purpose = "",
        format: Annotated[
            str, Query(description="csv、json、xlsx、parquet、arrow（文件）、arrows（流）", max_length=10)
        ] = "csv",
        area: Area = "",
        period: Period = "",
        columns: Columns = "",
    ) -> Response:
        """整张视图作为一个文件；同一快照同一视图，CSV、Parquet 逐字节相同。"""
        media, suffix = MEDIA.get(format, ("", ""))
        if not media:
            raise Refusal(faults.FORMAT_UNKNOWN.at(format=shown(format), formats="、".join(MEDIA)))
        asked = _request(who, view, purpose, area, period, columns, file_format=format)
        return _file(service, asked, media, f"{view}{suffix}")

    file = {"content": {"application/octet-stream": _BINARY}, "description": "填好的报表"}

    @app.get("/v1/reports/{view}/file", summary="原样报表", response_class=Response, responses={200: file})
    def report(
        who: Asking,
        view: View,
        purpose: Purpose = "",
        area: Area = "",
        period: Period = "",
        subject: Annotated[str, Query(description="登记表：取哪一个对象", max_length=80)] = "",
    ) -> Response:
        """部门自己的模板，按原样填好。"""
        asked = _request(who, view, purpose, area, period, file_format=REPORT, subject=subject)
        return _file(service, asked, "application/octet-stream", view)

    @app.get("/v1/log", summary="本部门的调取日志", response_model=messages.LogEntries)
    def log(who: Asking, limit: Annotated[int, Query(ge=1, le=1000, description="多少条，新的在前")] = 100) -> Response:
        """本部门自己的记录；每条带哈希，是日后核对日志的凭据。"""
        return _json(service.own_log(_request(who, "调取日志"), limit))

    @app.get("/", include_in_schema=False)
    def front(request: Request) -> HTMLResponse:
        """说明页。"""
        return HTMLResponse(front_page(app.openapi(), str(request.base_url).rstrip("/")))

    @app.exception_handler(Refusal)
    def refused(request: Request, refusal: Refusal) -> Response:
        return _refused(service, request, refusal.finding)

    @app.exception_handler(RequestValidationError)
    def wrong(request: Request, error: RequestValidationError) -> Response:
        names = "、".join(sorted({str(one["loc"][-1]) for one in error.errors()}))
        return _refused(service, request, faults.PARAMETER_WRONG.at(names=shown(names)))

    @app.exception_handler(HTTPException)
    def nowhere(request: Request, error: HTTPException) -> Response:
        return _refused(service, request, faults.PATH_UNKNOWN.at(), error.status_code, error.headers)

    return app


def from_environment() -> FastAPI:
    """Return the interface of the workspace at $ONEFORM_HOME: what each process of `oneform serve --workers` runs."""
    return create_app(open_workspace(os.environ["ONEFORM_HOME"]))


def _request(
    who: Caller,
    report: str,
    purpose: str = "",
    area: str = "",
    period: str = "",
    columns: str = "",
    file_format: str = "json",
    subject: str = "",
) -> PullRequest:
    names = tuple(name.strip() for name in columns.split("；") if name.strip())
    return PullRequest(
        who.department, report, purpose, now(), file_format, area, period, names, subject, CHANNEL, who.name
    )


def _json(answer: Answer) -> Response:
    return Response(answer.body, media_type="application/json", headers=_receipt(answer.receipt))


def _file(service: Service, asked: PullRequest, media: str, name: str) -> Response:
    result, blocks, length = service.whole(asked)
    if result.refusal is not None or result.path is None or blocks is None:
        return _refusal(result.refusal or faults.NO_SNAPSHOT.at(), result.receipt)
    if asked.format == REPORT:
        name += result.path.suffix
    headers = _receipt(result.receipt) | {
        "Content-Length": str(length),
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "ETag": f'"{result.content_hash}"',
        "X-Oneform-Version": result.version,
        "X-Oneform-Rows": str(result.row_count),
    }
    return StreamingResponse(blocks, media_type=media, headers=headers)


def _refused(
    service: Service,
    request: Request,
    finding: Finding,
    status: int | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    who: Caller = getattr(request.state, "caller", None) or Caller(request.client.host if request.client else "")
    query = request.query_params
    asked = PullRequest(
        who.department or UNKNOWN,
        request.path_params.get("view") or request.url.path,
        query.get("purpose", ""),
        now(),
        area_code=query.get("area", ""),
        period=query.get("period", ""),
        channel=CHANNEL,
        caller=who.name,
    )
    return _refusal(finding, service.refuse(asked, finding), status, headers)


def _refusal(
    finding: Finding, receipt: Mapping[str, Any], status: int | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """Return code, reason and remedy; the message is left out, for it may repeat what was asked or what there is."""
    code = status or STATUS.get(finding.code, 400)
    content = {"code": finding.code, "title": finding.title, "remedy": finding.remedy}
    challenge = {"WWW-Authenticate": "Bearer"} if code == 401 else {}
    return JSONResponse(
        content | {"log_number": receipt["entry_no"]}, code, {**(headers or {}), **challenge, **_receipt(receipt)}
    )


def _receipt(entry: Mapping[str, Any]) -> dict[str, str]:
    """Return the headers that prove the entry later, and keep what left out of shared caches."""
    return {
        "X-Oneform-Log": f"{entry['entry_no']}:{entry['entry_hash']}",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
