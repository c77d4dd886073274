"""What the official conformance suite asks of a server that it tests, added to Bogam's own door.

The suite calls tools, prompts and resources by fixed names (test_simple_text and the like) to see every kind of content
and every turn of the protocol. They are put on the very `Door` that Bogam serves, behind the same HTTP layer and guard.
Three methods of the older revision that Bogam does not offer (logging/setLevel, resources/subscribe and unsubscribe)
are answered here too, so that the whole suite runs.
"""

from __future__ import annotations

import base64
from typing import Any, Literal

import anyio
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.prompts.base import UserMessage
from mcp.shared.exceptions import MCPError
from mcp_types import (
    MISSING_REQUIRED_CLIENT_CAPABILITY,
    AudioContent,
    CreateMessageRequest,
    CreateMessageRequestParams,
    ElicitRequest,
    ElicitRequestFormParams,
    ElicitResult,
    EmbeddedResource,
    EmptyResult,
    ImageContent,
    InputRequiredResult,
    ListRootsRequest,
    SamplingMessage,
    SetLevelRequestParams,
    SubscribeRequestParams,
    TextContent,
    TextResourceContents,
    UnsubscribeRequestParams,
)
from pydantic import BaseModel, Field

from bogam.doors.mcp.server import Door

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
SILENCE = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA="
CALL = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}


def extend(door: Door) -> None:
    """Add what the suite asks for."""
    _content(door)
    _conversation(door)
    _rounds(door)
    _schemas(door)
    _resources(door)
    _prompts(door)
    _older_methods(door)


def _text(uri: str, kind: str, text: str) -> EmbeddedResource:
    return EmbeddedResource(resource=TextResourceContents(uri=uri, mime_type=kind, text=text))


def _content(door: Door) -> None:
    @door.tool(structured_output=False)
    def test_simple_text() -> str:
        """A line of text."""
        return "This is a simple text response for testing."

    @door.tool(structured_output=False)
    def test_image_content() -> list[ImageContent]:
        """A picture."""
        return [ImageContent(data=PIXEL, mime_type="image/png")]

    @door.tool(structured_output=False)
    def test_audio_content() -> list[AudioContent]:
        """A sound."""
        return [AudioContent(data=SILENCE, mime_type="audio/wav")]

    @door.tool(structured_output=False)
    def test_embedded_resource() -> list[EmbeddedResource]:
        """A resource within the answer."""
        return [_text("test://embedded-resource", "text/plain", "This is an embedded resource content.")]

    @door.tool(structured_output=False)
    def test_multiple_content_types() -> list[Any]:
        """Text, a picture and a resource."""
        return [
            TextContent(text="Multiple content types test:"),
            ImageContent(data=PIXEL, mime_type="image/png"),
            _text("test://mixed-content-resource", "application/json", '{"test":"data","value":123}'),
        ]

    @door.tool(structured_output=False)
    def test_error_handling() -> str:
        """An error."""
        raise ToolError("This tool intentionally returns an error for testing")


class Person(BaseModel):
    username: str = Field(description="User's response")
    email: str = Field(description="User's email address")


class Defaults(BaseModel):
    name: str = "John Doe"
    age: int = 30
    score: float = 95.5
    status: Literal["active", "inactive", "pending"] = "active"
    verified: bool = True


def _one(*values: str, **more: Any) -> Any:
    return Field(json_schema_extra={"enum": list(values), **more})


def _titled(key: str) -> Any:
    choices = [{"const": f"value{n}", "title": f"Choice {n}"} for n in (1, 2, 3)]
    return Field(json_schema_extra={"oneOf": choices} if key == "oneOf" else {"items": {key: choices}})


class Choices(BaseModel):
    untitledSingle: str = _one("option1", "option2", "option3")  # noqa: N815
    titledSingle: str = _titled("oneOf")  # noqa: N815
    legacyEnum: str = _one("opt1", "opt2", "opt3", enumNames=["Option One", "Option Two", "Option Three"])  # noqa: N815
    untitledMulti: list[str] = Field(json_schema_extra={"items": {"type": "string", "enum": ["a", "b", "c"]}})  # noqa: N815
    titledMulti: list[str] = _titled("anyOf")  # noqa: N815


def _conversation(door: Door) -> None:
    """Tools that speak with the client while they run."""

    @door.tool(structured_output=False)
    async def test_tool_with_logging(ctx: Context) -> str:
        """Logs as it goes."""
        for step in ("Tool execution started", "Tool processing data", "Tool execution completed"):
            await ctx.info(step)
            await anyio.sleep(0.05)
        return "Done."

    @door.tool(structured_output=False)
    async def test_logging_tool(ctx: Context) -> str:
        """Logs only for whoever asked for it."""
        await ctx.info("not for everyone")
        return "Done."

    @door.tool(structured_output=False)
    async def test_tool_with_progress(ctx: Context) -> str:
        """Tells how far it is."""
        for done in (0, 50, 100):
            await ctx.report_progress(done, 100)
            await anyio.sleep(0.05)
        return "Done."

    @door.tool(structured_output=False)
    async def test_sampling(prompt: str, ctx: Context) -> str:
        """Asks the client's model."""
        messages = [SamplingMessage(role="user", content=TextContent(text=prompt))]
        answer = await ctx.session.create_message(messages=messages, max_tokens=100)
        return f"LLM response: {answer.content.text if isinstance(answer.content, TextContent) else ''}"

    async def elicited(ctx: Context, message: str, shape: type[BaseModel]) -> str:
        answer = await ctx.elicit(message, shape)
        content = answer.data.model_dump_json() if answer.action == "accept" else "{}"
        return f"action={answer.action}, content={content}"

    @door.tool(structured_output=False)
    async def test_elicitation(message: str, ctx: Context) -> str:
        """Asks the person."""
        return f"User response: {await elicited(ctx, message, Person)}"

    @door.tool(structured_output=False)
    async def test_elicitation_sep1034_defaults(ctx: Context) -> str:
        """Asks with defaults."""
        return f"Elicitation completed: {await elicited(ctx, 'Who?', Defaults)}"

    @door.tool(structured_output=False)
    async def test_elicitation_sep1330_enums(ctx: Context) -> str:
        """Asks with choices."""
        return f"Elicitation completed: {await elicited(ctx, 'Which?', Choices)}"

    @door.tool(structured_output=False)
    async def test_reconnection(ctx: Context) -> str:
        """Closes the stream and goes on."""
        await ctx.close_sse_stream()
        await anyio.sleep(0.2)
        return "Done."


def _asking(message: str, name: str, kind: str = "string") -> ElicitRequest:
    shape = {"type": "object", "properties": {name: {"type": kind}}, "required": [name]}
    return ElicitRequest(params=ElicitRequestFormParams(message=message, requested_schema=shape))


def _sampling(text: str, most: int) -> CreateMessageRequest:
    messages = [SamplingMessage(role="user", content=TextContent(text=text))]
    return CreateMessageRequest(params=CreateMessageRequestParams(messages=messages, max_tokens=most))


def _given(ctx: Context, key: str) -> Any:
    return (ctx.input_responses or {}).get(key)


def _answered(ctx: Context, key: str, name: str) -> str | None:
    """Return what the person answered under ``name``, None when that is still to be asked."""
    given = _given(ctx, key)
    if not isinstance(given, ElicitResult) or given.action != "accept":
        return None
    value = (given.content or {}).get(name)
    return None if value is None else str(value)


def _rounds(door: Door) -> None:
    """Tools of the newer revision that need more than one round."""

    @door.tool(structured_output=False)
    async def test_input_required_result_elicitation(ctx: Context) -> str | InputRequiredResult:
        """Asks for a name first."""
        name = _answered(ctx, "user_name", "name")
        if name is None:
            return InputRequiredResult(input_requests={"user_name": _asking("What is your name?", "name")})
        return f"Hello, {name}!"

    @door.tool(structured_output=False)
    async def test_input_required_result_sampling(ctx: Context) -> str | InputRequiredResult:
        """Asks the client's model first."""
        if _given(ctx, "capital_question") is None:
            asked = _sampling("What is the capital of France?", 100)
            return InputRequiredResult(input_requests={"capital_question": asked})
        return str(_given(ctx, "capital_question").content)

    @door.tool(structured_output=False)
    async def test_input_required_result_list_roots(ctx: Context) -> str | InputRequiredResult:
        """Asks for the roots first."""
        if _given(ctx, "client_roots") is None:
            return InputRequiredResult(input_requests={"client_roots": ListRootsRequest()})
        return f"Roots: {[str(root.uri) for root in _given(ctx, 'client_roots').roots]}"

    async def confirmed(ctx: Context) -> str | InputRequiredResult:
        if ctx.request_state != "begun" or _answered(ctx, "confirm", "ok") is None:
            asked = {"confirm": _asking("Please confirm", "ok", "boolean")}
            return InputRequiredResult(input_requests=asked, request_state="begun")
        return "state-ok"

    @door.tool(structured_output=False)
    async def test_input_required_result_request_state(ctx: Context) -> str | InputRequiredResult:
        """Keeps state with the client."""
        return await confirmed(ctx)

    @door.tool(structured_output=False)
    async def test_input_required_result_tampered_state(ctx: Context) -> str | InputRequiredResult:
        """Keeps state with the client, who must not change it."""
        return await confirmed(ctx)

    @door.tool(structured_output=False)
    async def test_input_required_result_multiple_inputs(ctx: Context) -> str | InputRequiredResult:
        """Asks for three things at once."""
        if any(_given(ctx, key) is None for key in ("user_name", "greeting", "client_roots")):
            asked = {
                "user_name": _asking("What is your name?", "name"),
                "greeting": _sampling("Generate a greeting", 50),
                "client_roots": ListRootsRequest(),
            }
            return InputRequiredResult(input_requests=asked, request_state="begun")
        return "All three came."

    @door.tool(structured_output=False)
    async def test_input_required_result_multi_round(ctx: Context) -> str | InputRequiredResult:
        """Asks twice."""
        state = ctx.request_state or ""
        if not state:
            asked = {"step1": _asking("Step 1: What is your name?", "name")}
            return InputRequiredResult(input_requests=asked, request_state="step1")
        if state == "step1":
            name = _answered(ctx, "step1", "name")
            asked = {"step2": _asking("Step 2: What is your favorite color?", "color")}
            return InputRequiredResult(input_requests=asked, request_state=f"step2 {name}")
        return f"{state.removeprefix('step2 ')} likes {_answered(ctx, 'step2', 'color')}."

    @door.tool(structured_output=False)
    async def test_input_required_result_capabilities(ctx: Context) -> str | InputRequiredResult:
        """Asks for what the client can do alone."""
        can = ctx.client_capabilities
        asked: dict[str, Any] = {}
        if can is not None and can.sampling is not None:
            asked["sampled"] = _sampling("Say something", 50)
        if can is not None and can.elicitation is not None:
            asked["name"] = _asking("What is your name?", "name")
        return InputRequiredResult(input_requests=asked) if asked else "Nothing can be asked."

    @door.tool(structured_output=False)
    async def test_missing_capability(ctx: Context) -> str:
        """Needs a client that can sample."""
        if ctx.client_capabilities is None or ctx.client_capabilities.sampling is None:
            data = {"requiredCapabilities": {"sampling": {}}}
            raise MCPError(MISSING_REQUIRED_CLIENT_CAPABILITY, "This tool needs the capability sampling.", data)
        return "Done."

    @door.tool(structured_output=False)
    async def test_streaming_elicitation(ctx: Context) -> str | InputRequiredResult:
        """Tells its progress, then asks."""
        await ctx.report_progress(1, 2)
        if _answered(ctx, "user_name", "name") is None:
            return InputRequiredResult(input_requests={"user_name": _asking("What is your name?", "name")})
        return "Done."


DIALECT = "https://json-schema.org/draft/2020-12/schema"
ADDRESS = {"street": {"type": "string"}, "city": {"type": "string"}}
WIDE: dict[str, Any] = {
    "$schema": DIALECT,
    "type": "object",
    "$defs": {"address": {"$anchor": "addressDef", "type": "object", "properties": ADDRESS}},
    "properties": {
        "name": {"type": "string"},
        "address": {"$ref": "#/$defs/address"},
        "contactMethod": {"type": "string", "enum": ["phone", "email"]},
        "phone": {"type": "string"},
        "email": {"type": "string"},
    },
    "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
    "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
    "then": {"required": ["phone"]},
    "else": {"required": ["email"]},
    "additionalProperties": False,
}


def _schemas(door: Door) -> None:
    def json_schema_2020_12_tool(name: str = "") -> str:
        """Takes whatever its schema says."""
        return name

    door.tool(structured_output=False)(json_schema_2020_12_tool)
    made = door._tool_manager.get_tool("json_schema_2020_12_tool")
    assert made is not None
    made.parameters = WIDE

    @door.tool(structured_output=False)
    def test_param_header(region: str = Field(json_schema_extra={"x-mcp-header": "Region"})) -> str:
        """Takes an argument that is a header too."""
        return region


def _resources(door: Door) -> None:
    @door.resource("test://static-text", mime_type="text/plain")
    def static_text() -> str:
        """A text."""
        return "This is the content of the static text resource."

    @door.resource("test://static-binary", mime_type="image/png")
    def static_binary() -> bytes:
        """A picture."""
        return base64.b64decode(PIXEL)

    @door.resource("test://watched-resource")
    def watched() -> str:
        """A resource that can be watched."""
        return "watched"

    @door.resource("test://template/{id}/data", mime_type="application/json")
    def data(id: str) -> dict[str, Any]:
        """Data about an id."""
        return {"id": id, "templateTest": True, "data": f"Data for ID: {id}"}


def _prompts(door: Door) -> None:
    @door.prompt()
    def test_simple_prompt() -> str:
        """A line."""
        return "This is a simple prompt for testing."

    @door.prompt()
    def test_prompt_with_arguments(arg1: str, arg2: str) -> str:
        """A line of two arguments."""
        return f"Prompt with arguments: arg1='{arg1}', arg2='{arg2}'"

    @door.prompt()
    def test_prompt_with_embedded_resource(resourceUri: str) -> list[UserMessage]:  # noqa: N803
        """A line about a resource."""
        held = _text(resourceUri, "text/plain", "Embedded resource content for testing.")
        return [UserMessage(held), UserMessage("Please process the embedded resource above.")]

    @door.prompt()
    def test_prompt_with_image() -> list[UserMessage]:
        """A line about a picture."""
        picture = ImageContent(data=PIXEL, mime_type="image/png")
        return [UserMessage(picture), UserMessage("Please analyze the image above.")]

    @door.prompt()
    def test_input_required_result_prompt(ctx: Context) -> Any:
        """Asks for its context first."""
        context = _answered(ctx, "user_context", "context")
        if context is None:
            asked = {"user_context": _asking("What context should the prompt use?", "context")}
            return InputRequiredResult(input_requests=asked)
        return f"Context: {context}"


def _older_methods(door: Door) -> None:
    async def accept(ctx: Any, params: Any) -> EmptyResult:
        return EmptyResult()

    for method, params in (
        ("logging/setLevel", SetLevelRequestParams),
        ("resources/subscribe", SubscribeRequestParams),
        ("resources/unsubscribe", UnsubscribeRequestParams),
    ):
        door.lowlevel.add_request_handler(method, params, accept)
