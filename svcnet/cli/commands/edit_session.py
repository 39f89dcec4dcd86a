"""Objects in an editor: shown, changed by the user, shown again with what is wrong, written.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/util/editor/editoptions.go.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from svcnet.api import manifest, merge, strategic_diff
from svcnet.api.go.json import marshal_indent, sorted_keys
from svcnet.api.keys import Document
from svcnet.api.kinds import BUILT_IN
from svcnet.api.merge import Patch, PatchType
from svcnet.api.merge_keys import merge_rules_of
from svcnet.api.strategic import MergeFault
from svcnet.cli.command.session import Session
from svcnet.cli.commands import editor
from svcnet.cli.commands.editor import Edited
from svcnet.cli.commands.writing import WriteFlags, writing
from svcnet.cli.printers.output import Format, as_text, without_managed_fields
from svcnet.cli.resource.targets import Target
from svcnet.errors import Invalid, NotFound, StatusError, SvcnetError, go_quote

HEADER = """\
# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
"""


@dataclass(slots=True)
class Editing:
    """Objects that go through the editor until they can be written, or nothing more changes."""

    session: Session
    form: Format
    targets: Sequence[Target]
    write: Callable[[Target, Document], str]
    """Writes an edited object; returns what is told of it."""
    reasons: list[str] = field(default_factory=list)
    """What was wrong the last time, as comments."""

    def run(self) -> None:
        """Open the editor.

        Raises:
            SvcnetError: the editor failed, or what was written in it cannot be saved.
        """
        if not self.targets:
            raise SvcnetError("edit cancelled, no objects found")
        original = self._text()
        last: Edited | None = None
        while True:
            text = HEADER + "".join(self.reasons) + (_bare(last.text) if last else original)
            try:
                new = editor.edited(text, ".json" if self.form.name == "json" else ".yaml")
            except SvcnetError:
                self._keep(last)
                raise
            # The same refused text twice: to open it again would go on for ever.
            if last is not None and _meaning(last.text) == _meaning(new.text):
                self._keep(new)
                raise SvcnetError("Edit cancelled, no valid changes were saved.")
            if last is not None:
                # One file is kept at most, the one that a message may point to.
                last.remove()
            last = new
            self.reasons.clear()
            if self._is_settled(original, new):
                return

    def _text(self) -> str:
        # By name, as YAML from the server is shown everywhere else.
        documents = [sorted_keys(self._shown(each.document)) for each in self.targets]
        shown = documents[0]
        if len(documents) > 1:
            # A List of mixed kinds, so no resourceVersion is common to its items.
            metadata: Document = {}
            shown = {"apiVersion": "v1", "items": documents, "kind": "List", "metadata": metadata}
        return as_text(Format(self.form.name or "yaml", managed_fields=True), shown)

    def _shown(self, document: Document | None) -> Document:
        assert document is not None
        return document if self.form.managed_fields else without_managed_fields(document)

    def _keep(self, last: Edited | None) -> None:
        if last is not None:
            self.session.print_note(
                f"A copy of your changes has been stored to {go_quote(last.path)}"
            )

    def _is_settled(self, original: str, new: Edited) -> bool:
        """Write what was edited; False where the editor has to be opened again."""
        if not _meaning(new.text):
            self._refuse(self.targets[0], Invalid("", "", ()))
            return False
        if _meaning(new.text) == _meaning(original):
            new.remove()
            self.session.print_note("Edit cancelled, no changes made.")
            return True
        try:
            documents = manifest.flatten(manifest.read(new.text, new.path))
            pairs = [(self._target_of(each), each) for each in documents]
        except SvcnetError as error:
            self.reasons.append(f"# The edited file had a syntax error: {error}\n#\n")
            return False
        again = False
        for target, document in pairs:
            try:
                # Of several objects only those that were touched are written.
                if document == self._shown(target.document):
                    text = f"{target.kind.singular_resource}/{target.name} skipped"
                else:
                    text = self.write(target, document)
                self.session.print_result(text, end="" if text.endswith("\n") else "\n")
            except StatusError as error:
                # An invalid object goes back into the editor; other errors no edit can mend.
                again |= self._refuse(target, error)
                if not isinstance(error, Invalid):
                    self._give_up(new, missing=isinstance(error, NotFound))
                    return True
        if not again:
            new.remove()
        return not again

    def _target_of(self, document: Document) -> Target:
        """Return which of the objects `document` is."""
        for target in self.targets:
            before = target.document or {}
            if document.get("kind") == before.get("kind") and document.get("metadata", {}).get(
                "uid"
            ) == before["metadata"].get("uid"):
                return target
        raise SvcnetError("At least one of apiVersion, kind and name was changed")

    def _refuse(self, target: Target, error: StatusError) -> bool:
        """Tell what the server says of an object; True where it can be edited again."""
        what = f"{target.kind.resource} {go_quote(target.name)}"
        match error:
            case Invalid(faults=faults):
                text = "".join(f"# * {each}\n" for each in faults)
                self.reasons.append(f"# {what} was not valid:\n{text}#\n")
                self.session.print_note(f"error: {what} is invalid")
                return True
            case NotFound():
                self.session.print_note(f"error: {what} could not be found on the server")
            case _:
                self.session.print_note(f"error: {what} could not be patched: {error.message}")
        return False

    def _give_up(self, new: Edited, *, missing: bool) -> None:
        """Say where the edited text is, and how to go on."""
        if missing:
            self.session.print_note(
                f"The edits you made on deleted resources have been saved to {go_quote(new.path)}"
            )
        else:
            self.session.print_note(
                f"You can run `kubectl replace -f {new.path}` to try this update again."
            )
        self.session.exit_status = 1


def _bare(text: str) -> str:
    """Return a text without its comments."""
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))


def _meaning(text: str) -> object:
    """Return what a text says, whatever its layout; its lines when it is no YAML."""
    try:
        return manifest.read_one(text)
    except ValueError:
        return _bare(text)


def edited_patch(
    session: Session,
    flags: WriteFlags,
    target: Target,
    after: Document,
    subresource: str,
    *,
    print_patch: bool,
) -> str:
    """Send what was changed; return what is told of it.

    Raises:
        StatusError: the server refuses.
    """
    before = target.document
    assert before is not None
    # They were not shown, so that they are missing is no options to remove them.
    if "managedFields" not in after["metadata"]:
        before = without_managed_fields(before)
    patch = difference(before, after, target)
    said: list[str] = [f"Patch: {marshal_indent(patch.body)}\n"] if print_patch else []
    with writing(session, flags) as work:
        written = work.patch(target.key, patch, subresource)
    if flags.form.name:
        return as_text(flags.form, sorted_keys(written.document))
    return "".join((*said, f"{target.kind.singular_resource}/{target.name} edited"))


def difference(before: Document, after: Document, target: Target) -> Patch:
    """Return the patch that `edit` sends.

    Raises:
        SvcnetError: the object would become another one, or cannot be compared.
    """
    try:
        if target.kind in BUILT_IN:
            type_ = PatchType.STRATEGIC
            body = strategic_diff.create(before, after, merge_rules_of(target.kind))
        else:
            type_, body = PatchType.MERGE, merge.create_merge(before, after)
    except MergeFault as fault:
        raise SvcnetError(str(fault)) from None
    # editoptions.go preconditions: an edit must not turn one object into another.
    changed = {*body, *(f"metadata.{name}" for name in body.get("metadata") or ())}
    if changed & {"apiVersion", "kind", "metadata.name"}:
        raise SvcnetError("At least one of apiVersion, kind and name was changed")
    return Patch(type_, body)
