package dev.sotto.site;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * Kills a site before or after something durable: a write, a deletion, a send. A point is such a thing at a place in the
 * transcript; each is met for the first time once, and only then may it kill, so that a site gets on in the end.
 */
final class CrashPlan {
    /** What a killed process looks like from inside: nothing catches it. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    static final CrashPlan NEVER = new CrashPlan(point -> false);

    private final IntPredicate kills;
    private String killsAt = "";
    private final List<String> points = new ArrayList<>();
    private int place;
    private int killed;

    /** Kills at the points, counted from 0 as they are met, that the predicate picks. */
    CrashPlan(IntPredicate kills) {
        this.kills = kills;
    }

    /** Kills once, at the first point that is called so. */
    static CrashPlan after(String what) {
        CrashPlan plan = new CrashPlan(point -> false);
        plan.killsAt = what;
        return plan;
    }

    int points() {
        return points.size();
    }

    int killed() {
        return killed;
    }

    private void point(String what) {
        String point = what + " at " + place;
        if (this == NEVER || points.contains(point)) {
            return;
        }
        points.add(point);
        if (kills.test(points.size() - 1) || what.equals(killsAt)) {
            killsAt = "";
            killed++;
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
                point("before writing " + name);
                storage.write(name, bytes);
                if (name.equals("position")) {
                    place++;
                }
                point("after writing " + name);
            }

            @Override
            public void delete(String name) {
                point("before deleting " + name);
                storage.delete(name);
                point("after deleting " + name);
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
                point("before sending to " + messages.get(0).topic());
                outbox.send(messages);
                point("after sending to " + messages.get(0).topic());
            }

            @Override
            public void close() {
                outbox.close();
            }
        };
    }
}
