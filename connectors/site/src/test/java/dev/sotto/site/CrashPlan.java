package dev.sotto.site;

import java.util.List;
import java.util.Optional;

/** Kills a site at the n-th point before or after something durable: a write, a deletion, a send. */
final class CrashPlan {
    /** What a killed process looks like from inside: nothing catches it. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    static final CrashPlan NEVER = new CrashPlan(-1);

    private final int at;
    private int points;

    CrashPlan(int at) {
        this.at = at;
    }

    int points() {
        return points;
    }

    private void point() {
        if (++points == at) {
            throw new Killed();
        }
    }

    JournalStorage around(JournalStorage storage) {
        return new JournalStorage() {
            @Override
            public Optional<byte[]> read(String name) {
                return storage.read(name);
            }

            @Override
            public void write(String name, byte[] bytes) {
                point();
                storage.write(name, bytes);
                point();
            }

            @Override
            public void delete(String name) {
                point();
                storage.delete(name);
                point();
            }

            @Override
            public List<String> names(String prefix) {
                return storage.names(prefix);
            }

            @Override
            public void close() {
                storage.close();
            }
        };
    }

    Outbox around(Outbox outbox) {
        return new Outbox() {
            @Override
            public void send(List<Message> messages) throws UnavailableException {
                point();
                outbox.send(messages);
                point();
            }

            @Override
            public void close() {
                outbox.close();
            }
        };
    }
}
