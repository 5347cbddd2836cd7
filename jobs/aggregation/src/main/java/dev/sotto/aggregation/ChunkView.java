package dev.sotto.aggregation;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * A masked chunk as it lies in its record's value: the fields of the schema MaskedChunk, in their order, with the entries
 * left where they are. One view is pointed at one value after the other. Not thread-safe.
 */
final class ChunkView {
    private static final int LONGEST_NAME = 63;
    private static final int LONGEST_PROOF = 32;
    private static final int HASH = 32;

    private final Utf8 task = new Utf8();
    private final Utf8 site = new Utf8();
    private final List<byte[]> proof = new ArrayList<>();
    private @Nullable BinaryDecoder decoder;
    private int round;
    private int chunk;
    private int chunks;
    private int from;
    private int length;

    /**
     * Points the view at a value inside a buffer.
     *
     * @throws RejectedRecordException {@link Rejection#MALFORMED} if it is not exactly one chunk
     */
    void read(byte[] buffer, int offset, int bytes) throws RejectedRecordException {
        try {
            BinaryDecoder in = DecoderFactory.get().binaryDecoder(buffer, offset, bytes, decoder);
            decoder = in;
            name(in, task);
            round = in.readInt();
            name(in, site);
            chunk = in.readInt();
            chunks = in.readInt();
            proof(in);
            // The data is the schema's last field, so its bytes end the value.
            long announced = in.readLong();
            require(announced >= 0 && announced <= bytes, "data");
            length = (int) announced;
            from = offset + bytes - length;
            in.skipFixed(length);
            require(in.isEnd(), "end");
        } catch (IOException | RuntimeException e) {
            // The decoder's own message may quote the input, so it is kept as the cause and not repeated.
            throw new RejectedRecordException(
                    Rejection.MALFORMED, "%d bytes are not a MaskedChunk".formatted(bytes), e);
        }
    }

    private static void name(BinaryDecoder in, Utf8 into) throws IOException {
        long bytes = in.readLong();
        require(bytes >= 0 && bytes <= LONGEST_NAME, "name");
        into.setByteLength((int) bytes);
        in.readFixed(into.getBytes(), 0, (int) bytes);
    }

    private void proof(BinaryDecoder in) throws IOException {
        proof.clear();
        for (long block = in.readArrayStart(); block > 0; block = in.arrayNext()) {
            require(block <= LONGEST_PROOF - proof.size(), "proof");
            for (long i = 0; i < block; i++) {
                require(in.readLong() == HASH, "proof");
                byte[] sibling = new byte[HASH];
                in.readFixed(sibling);
                proof.add(sibling);
            }
        }
    }

    private static void require(boolean holds, String what) throws IOException {
        if (!holds) {
            throw new IOException("a MaskedChunk does not have such a " + what);
        }
    }

    /** The task; changes with the next value. */
    Utf8 task() {
        return task;
    }

    int round() {
        return round;
    }

    /** The site; changes with the next value. */
    Utf8 site() {
        return site;
    }

    int chunk() {
        return chunk;
    }

    int chunks() {
        return chunks;
    }

    /** The siblings from the leaf up; changes with the next value. */
    List<byte[]> proof() {
        return proof;
    }

    /** Where in the buffer the entries begin. */
    int from() {
        return from;
    }

    /** How many bytes the entries take. */
    int length() {
        return length;
    }
}
