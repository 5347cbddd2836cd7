package dev.sotto.site;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A transcript on the heap. */
final class MemoryTranscript {
    final List<byte[]> values = new ArrayList<>();

    /** Another transcript that begins the same. */
    MemoryTranscript fork() {
        MemoryTranscript fork = new MemoryTranscript();
        fork.values.addAll(values);
        return fork;
    }

    TranscriptSource from(long offset) {
        return new TranscriptSource() {
            private int next = (int) offset;

            @Override
            public List<Entry> poll(Duration timeout) {
                List<Entry> entries = new ArrayList<>();
                while (next < values.size()) {
                    entries.add(new Entry(next, values.get(next)));
                    next++;
                }
                return entries;
            }

            @Override
            public boolean atEnd() {
                return next == values.size();
            }

            @Override
            public void wakeup() {}

            @Override
            public void close() {}
        };
    }
}
