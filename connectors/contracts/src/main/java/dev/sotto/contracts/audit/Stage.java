package dev.sotto.contracts.audit;

import dev.sotto.contracts.avro.Kind;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Where a task stands in its transcript, and which records may come next.
 *
 * <pre>
 * stage     | record                     | next
 * BETWEEN   | BLOCK_OFFER with a degree  | REVEALING
 *           | BLOCK_OFFER without        | DEALING
 *           | TASK_END                   | ENDED
 * REVEALING | BEACON                     | DEALING
 *           | BLOCK_ABORTED              | BETWEEN
 * DEALING   | ROSTER                     | DEALING
 *           | SEAL                       | SEALED
 *           | BLOCK_ABORTED              | BETWEEN
 * SEALED    | ROUND_OPEN                 | OPEN
 *           | BLOCK_ABORTED              | BETWEEN
 *           | TASK_END                   | ENDED
 * OPEN      | SURVIVORS                  | UNMASKING
 *           | ROUND_ABORTED              | SEALED, or BETWEEN after the block's last round
 * UNMASKING | ROUND_RESULT               | SEALED, or BETWEEN after the block's last round
 *           | ROUND_ABORTED              | SEALED, or BETWEEN after the block's last round
 * ENDED     | nothing                    |
 * LOST      | BLOCK_OFFER                | REVEALING or DEALING
 *           | TASK_END                   | ENDED
 *           | anything else              | LOST
 * </pre>
 *
 * LOST is where an audit stands behind a gap or a record that makes no sense: what follows is not interpreted until
 * something begins anew.
 */
enum Stage {
    BETWEEN(Kind.BLOCK_OFFER, Kind.TASK_END),
    REVEALING(Kind.BEACON, Kind.BLOCK_ABORTED),
    DEALING(Kind.ROSTER, Kind.SEAL, Kind.BLOCK_ABORTED),
    SEALED(Kind.ROUND_OPEN, Kind.BLOCK_ABORTED, Kind.TASK_END),
    OPEN(Kind.SURVIVORS, Kind.ROUND_ABORTED),
    UNMASKING(Kind.ROUND_RESULT, Kind.ROUND_ABORTED),
    ENDED,
    LOST(Kind.BLOCK_OFFER, Kind.TASK_END);

    private final Set<Kind> next;

    Stage(Kind... next) {
        this.next = EnumSet.noneOf(Kind.class);
        this.next.addAll(Set.of(next));
    }

    /** The kinds that may come next. */
    Set<Kind> next() {
        return Collections.unmodifiableSet(next);
    }
}
