"""The command line speaks Chinese: click's own words, and a wrong call told in two lines that say what to do."""

from __future__ import annotations

import errno

import click
from click import core, decorators, exceptions, formatting, parser, types
from rich.cells import cell_len

#: click's texts as it marks them for translation (`_` and `ngettext`), and ours. Placeholders are click's.
WORDS = {
    "Usage:": "用法:",
    "Options": "选项",
    "Commands": "命令",
    "Show the version and exit.": "显示版本号",
    "Show this message and exit.": "显示这页说明",
    "%(prog)s, version %(version)s": "%(prog)s 版本 %(version)s",
    "default: {default}": "默认：{default}",
    "required": "必填",
    "(dynamic)": "（运行时确定）",
    "env var: {var}": "环境变量：{var}",
    "{text} {deprecated_message}": "{text} {deprecated_message}",
    "DeprecationWarning: The command {name!r} is deprecated.{extra_message}": "命令 {name} 将要取消。{extra_message}",
    "DeprecationWarning: The {param_type} {name!r} is deprecated.{extra_message}": "{name} 将要取消。{extra_message}",
    "Aborted!": "已中断",
    "Error: {message}": "没有完成：{message}",
    "Try '{command} {option}' for help.": "用法和例子：{command} {option}",
    "Missing command.": "没有写命令",
    "No such command {name!r}.": "没有“{name}”这个命令",
    "Missing argument": "没有写",
    "Missing option": "没有写",
    "Missing parameter": "没有写",
    "Missing {param_type}": "没有写{param_type}",
    "Missing parameter: {param_name}": "没有写 {param_name}",
    "No such option: {name}": "没有 {name} 这个选项",
    "Did you mean {possibility}?": "；您要的可能是 {possibility}",
    "(Possible options: {possibilities})": "；您要的可能是 {possibilities}",
    "Option {name!r} does not take a value.": "选项 {name} 后面不写值，去掉等号和值",
    "Option {name!r} requires an argument.": "选项 {name} 后面没有写值",
    "Option {name!r} requires {nargs} arguments.": "选项 {name} 后面要写 {nargs} 个值",
    "Argument {name!r} takes {nargs} values.": "{name} 要写 {nargs} 个值",
    "Got unexpected extra argument ({args})": "多写了“{args}”，去掉它；名称里有空格的，两头加引号",
    "Got unexpected extra arguments ({args})": "多写了“{args}”，去掉它们；名称里有空格的，两头加引号",
    "Invalid value: {message}": "{message}",
    "Invalid value for {param_hint}: {message}": "{param_hint}：{message}",
    "Choose from:\n\t{choices}": "可选：{choices}",
    "{value!r} is not {choice}.": "“{value}”不能用，只能写：{choice}",
    "{value!r} is not one of {choices}.": "“{value}”不能用，只能写：{choices}",
    "{value!r} does not match the format {format}.": "“{value}”不是一个日期，请写成 2026-10-31 这样",
    "{value!r} does not match the formats {formats}.": "“{value}”不是一个日期，请写成 2026-10-31 这样",
    "{value!r} is not a valid {number_type}.": "“{value}”不是{number_type}",
    "{value} is not in the range {range}.": "{value} 超出范围（{range}）",
    "{value!r} is not a valid boolean. Recognized values: {states}": "“{value}”不能用，只能写：{states}",
    "{value!r} is not a valid UUID.": "“{value}”不是 UUID",
    "Value must be an iterable.": "要写几个值",
    "Takes {nargs} values but 1 was given.": "要写 {nargs} 个值，只写了1个",
    "Takes {nargs} values but {len} were given.": "要写 {nargs} 个值，写了 {len} 个",
    "{len_type} values are required, but {len_value} was given.": "要写 {len_type} 个值，写了 {len_value} 个",
    "{len_type} values are required, but {len_value} were given.": "要写 {len_type} 个值，写了 {len_value} 个",
    "file": "文件",
    "directory": "文件夹",
    "path": "路径",
    "{name} {filename!r} does not exist.": "找不到{name}“{filename}”，请核对名称和所在的文件夹",
    "{name} {filename!r} is a file.": "{filename} 是文件，这里要写文件夹",
    "{name} {filename!r} is a directory.": "{filename} 是文件夹，这里要写文件",
    "{name} {filename!r} is not readable.": "没有权限读{name} {filename}",
    "{name} {filename!r} is not writable.": "没有权限写{name} {filename}",
    "{name} {filename!r} is not executable.": "没有权限运行{name} {filename}",
    "Could not open file {filename!r}: {message}": "打不开文件 {filename}：{message}",
    "unknown error": "原因不明",
}
SPEAKERS = (core, decorators, exceptions, formatting, parser, types)
KINDS = (
    (types.IntParamType, "整数"), (types.IntRange, "整数"), (types.FloatParamType, "数"), (types.FloatRange, "数"),
    (types.StringParamType, "文字"),
)  # fmt: skip

#: What the system refuses, and what to do about it.
SYSTEM = {
    errno.EACCES: "没有权限读写 {file}，请换一个文件夹，或请管理员开通",
    errno.EPERM: "没有权限读写 {file}，请换一个文件夹，或请管理员开通",
    errno.EROFS: "{file} 所在的磁盘只能读，请换一个文件夹",
    errno.ENOSPC: "磁盘已满，{file} 写不下；清理后再做一次",
    errno.ENOENT: "找不到 {file}，请核对名称和所在的文件夹",
    errno.ENOTDIR: "{file} 的上一级是文件，不是文件夹",
    errno.EISDIR: "{file} 是文件夹，这里要写文件",
    errno.EEXIST: "{file} 已存在，请换一个名称",
    errno.ENAMETOOLONG: "{file} 名称太长",
}


def system(error: OSError) -> str:
    """What the system refused, in Chinese; its own words where it is none of the common cases.

    >>> system(PermissionError(errno.EACCES, "Permission denied", "/结果"))
    '没有权限读写 /结果，请换一个文件夹，或请管理员开通'
    """
    words = SYSTEM.get(error.errno or 0)
    return words.format(file=error.filename or "文件") if words else str(error)


def speak() -> None:
    """Give click its words in Chinese, for this process.

    click asks gettext, which answers by the machine's language and from compiled files; ours is one language
    everywhere, so what the modules ask is answered from `WORDS`.
    """
    for module in SPEAKERS:
        vars(module).update(_=_one, ngettext=_many)
    for kind, name in KINDS:
        kind.name = name
    formatting.term_len = cell_len  # a Chinese character is two columns wide


def _one(text: str) -> str:
    return WORDS.get(text, text)


def _many(one: str, more: str, number: int) -> str:
    return _one(one if number == 1 else more)


class WrongCall(click.ClickException):
    """A call that click cannot take, in two lines: what is wrong, and where to look."""

    exit_code = 2

    def __init__(self, error: click.UsageError, asked: str) -> None:
        super().__init__(f"没有完成：{_what(error)}。\n{_where(error.ctx, asked)}")

    def show(self, file: object = None) -> None:
        """Say it on stderr."""
        click.echo(self.message, err=True)


def _what(error: click.UsageError) -> str:
    if isinstance(error, click.MissingParameter) and error.param is not None:
        about = getattr(error.param, "help", None)
        return f"没有写 {_hint(error)}" + (f"（{about}）" if about else "")
    if isinstance(error, click.BadParameter):
        return f"{_hint(error)}：{_listed(error.message)}" if error.param else _listed(error.message)
    return error.format_message().replace(" ；", "；").replace(", -", "、-").rstrip("。.")


def _hint(error: click.BadParameter) -> str:
    """What the parameter is called on the command line: `--units`, or FILE."""
    param = error.param
    return max(param.opts, key=len) if isinstance(param, click.Option) else str(param and param.human_readable_name)


def _listed(text: str) -> str:
    """Python's quoted lists as Chinese ones.

    >>> _listed("只能写：'then', 'now'")
    '只能写：then、now'
    """
    return text.replace("', '", "、").replace("'", "").rstrip("。.")


def _where(context: click.Context | None, asked: str) -> str:
    """The page to look at; for a group, its commands before it. Some of click's errors do not know their command."""
    page = f"用法和例子：{context.command_path if context else asked} --help"
    if context and isinstance(context.command, click.Group):
        return f"命令有：{'、'.join(context.command.list_commands(context))}。{page}"
    return page
