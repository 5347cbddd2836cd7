package dev.sotto.bert;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The opcodes of Python's pickle protocol 2 that a TorchScript archive needs. Not thread-safe. */
final class PickleWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    PickleWriter() {
        opcode(0x80).opcode(2);
    }

    PickleWriter global(String module, String name) {
        opcode('c');
        out.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
        return this;
    }

    PickleWriter string(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        opcode('X').int32(bytes.length);
        out.writeBytes(bytes);
        return this;
    }

    PickleWriter integer(int value) {
        return value >= 0 && value < 256
                ? opcode('K').opcode(value)
                : opcode('J').int32(value);
    }

    PickleWriter tuple(List<Integer> values) {
        mark();
        values.forEach(this::integer);
        return endTuple();
    }

    PickleWriter mark() {
        return opcode('(');
    }

    PickleWriter endTuple() {
        return opcode('t');
    }

    PickleWriter emptyTuple() {
        return opcode(')');
    }

    PickleWriter emptyDict() {
        return opcode('}');
    }

    PickleWriter none() {
        return opcode('N');
    }

    PickleWriter bool(boolean value) {
        return opcode(value ? 0x88 : 0x89);
    }

    /** Calls the callable below the tuple on the stack's top. */
    PickleWriter reduce() {
        return opcode('R');
    }

    /** Makes an object of the class below the argument tuple on the stack's top. */
    PickleWriter newObject() {
        return opcode(0x81);
    }

    /** Puts the pairs since the mark into the dict below it. */
    PickleWriter setItems() {
        return opcode('u');
    }

    /** Gives the dict on the stack's top to the object below it as its state. */
    PickleWriter build() {
        return opcode('b');
    }

    /** Resolves the tuple on the stack's top as a persistent id: a storage kept outside the pickle. */
    PickleWriter persistentId() {
        return opcode('Q');
    }

    byte[] stop() {
        opcode('.');
        return out.toByteArray();
    }

    private PickleWriter opcode(int code) {
        out.write(code);
        return this;
    }

    private PickleWriter int32(int value) {
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            out.write(value >>> shift);
        }
        return this;
    }
}
