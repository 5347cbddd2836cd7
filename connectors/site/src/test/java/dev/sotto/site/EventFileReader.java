package dev.sotto.site;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads event files as TensorFlow's record and event formats say, with a checksum of its own, and refuses what is amiss. */
final class EventFileReader {
    /** An event: {@code version} or {@code tag} is empty. */
    record Event(double wallTime, long step, String version, String tag, float value) {}

    private EventFileReader() {}

    static List<Event> read(Path file) throws IOException {
        ByteBuffer bytes = little(Files.readAllBytes(file));
        List<Event> events = new ArrayList<>();
        while (bytes.hasRemaining()) {
            byte[] length = take(bytes, 8);
            check(length, bytes.getInt());
            byte[] data = take(bytes, Math.toIntExact(little(length).getLong()));
            check(data, bytes.getInt());
            events.add(event(little(data)));
        }
        return events;
    }

    /** CRC-32C, the reflected polynomial 0x1EDC6F41, bit by bit. */
    static int crc32c(byte[] bytes) {
        int crc = ~0;
        for (byte b : bytes) {
            crc ^= b & 0xFF;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ 0x82F63B78;
            }
        }
        return ~crc;
    }

    private static void check(byte[] bytes, int masked) throws IOException {
        int turned = masked - 0xa282ead8;
        int crc = turned >>> 17 | turned << 15;
        if (crc != crc32c(bytes)) {
            throw new IOException("a checksum is %08x but must be %08x".formatted(crc, crc32c(bytes)));
        }
    }

    private static Event event(ByteBuffer data) throws IOException {
        double wallTime = Double.NaN;
        long step = 0;
        String version = "";
        Event point = new Event(0, 0, "", "", Float.NaN);
        while (data.hasRemaining()) {
            int key = (int) varint(data);
            switch (key) {
                case 1 << 3 | 1 -> wallTime = data.getDouble();
                case 2 << 3 -> step = varint(data);
                case 3 << 3 | 2 -> version = text(data);
                case 5 << 3 | 2 -> point = summary(little(take(data, (int) varint(data))));
                default -> throw new IOException("an event has a field with key " + key);
            }
        }
        return new Event(wallTime, step, version, point.tag(), point.value());
    }

    private static Event summary(ByteBuffer data) throws IOException {
        expect(varint(data), 1 << 3 | 2);
        ByteBuffer value = little(take(data, (int) varint(data)));
        expect(varint(value), 1 << 3 | 2);
        String tag = text(value);
        expect(varint(value), 2 << 3 | 5);
        Event event = new Event(0, 0, "", tag, value.getFloat());
        expect(value.remaining() + data.remaining(), 0);
        return event;
    }

    private static void expect(long found, long expected) throws IOException {
        if (found != expected) {
            throw new IOException("found %d where %d was expected".formatted(found, expected));
        }
    }

    private static long varint(ByteBuffer data) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = data.get();
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    private static String text(ByteBuffer data) {
        return new String(take(data, (int) varint(data)), StandardCharsets.UTF_8);
    }

    private static byte[] take(ByteBuffer data, int count) {
        byte[] taken = new byte[count];
        data.get(taken);
        return taken;
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
