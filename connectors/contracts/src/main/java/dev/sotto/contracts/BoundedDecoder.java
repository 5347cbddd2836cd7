package dev.sotto.contracts;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * Avro's binary decoder for bytes that nobody has vouched for yet: a length or a count that such bytes announce is held to
 * how many there are before anything of that size is allocated, so that five bytes cannot ask for two gibibytes. Every item
 * of our schemas' arrays takes at least one byte. Not thread-safe.
 */
final class BoundedDecoder extends Decoder {
    private final BinaryDecoder in;
    private final int bytes;

    BoundedDecoder(byte[] bytes) {
        this.in = DecoderFactory.get().binaryDecoder(bytes, null);
        this.bytes = bytes.length;
    }

    boolean isEnd() throws IOException {
        return in.isEnd();
    }

    private int held(long announced) throws IOException {
        if (announced < 0 || announced > bytes) {
            throw new IOException("%d announced in %d bytes".formatted(announced, bytes));
        }
        return (int) announced;
    }

    private byte[] announcedBytes() throws IOException {
        byte[] value = new byte[held(in.readLong())];
        in.readFixed(value);
        return value;
    }

    @Override
    public Utf8 readString(@Nullable Utf8 old) throws IOException {
        return new Utf8(announcedBytes());
    }

    @Override
    public String readString() throws IOException {
        return new String(announcedBytes(), StandardCharsets.UTF_8);
    }

    @Override
    public ByteBuffer readBytes(@Nullable ByteBuffer old) throws IOException {
        return ByteBuffer.wrap(announcedBytes());
    }

    @Override
    public long readArrayStart() throws IOException {
        return held(in.readArrayStart());
    }

    @Override
    public long arrayNext() throws IOException {
        return held(in.arrayNext());
    }

    @Override
    public long readMapStart() throws IOException {
        return held(in.readMapStart());
    }

    @Override
    public long mapNext() throws IOException {
        return held(in.mapNext());
    }

    @Override
    public void readNull() throws IOException {
        in.readNull();
    }

    @Override
    public boolean readBoolean() throws IOException {
        return in.readBoolean();
    }

    @Override
    public int readInt() throws IOException {
        return in.readInt();
    }

    @Override
    public long readLong() throws IOException {
        return in.readLong();
    }

    @Override
    public float readFloat() throws IOException {
        return in.readFloat();
    }

    @Override
    public double readDouble() throws IOException {
        return in.readDouble();
    }

    @Override
    public void readFixed(byte[] into, int start, int length) throws IOException {
        in.readFixed(into, start, length);
    }

    @Override
    public int readEnum() throws IOException {
        return in.readEnum();
    }

    @Override
    public int readIndex() throws IOException {
        return in.readIndex();
    }

    @Override
    public void skipString() throws IOException {
        in.skipString();
    }

    @Override
    public void skipBytes() throws IOException {
        in.skipBytes();
    }

    @Override
    public void skipFixed(int length) throws IOException {
        in.skipFixed(length);
    }

    @Override
    public long skipArray() throws IOException {
        return in.skipArray();
    }

    @Override
    public long skipMap() throws IOException {
        return in.skipMap();
    }
}
