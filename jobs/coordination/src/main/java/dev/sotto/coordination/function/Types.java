package dev.sotto.coordination.function;

import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.coordination.protocol.BlockState;
import dev.sotto.coordination.protocol.Command;
import dev.sotto.coordination.protocol.LedgerBook;
import dev.sotto.coordination.protocol.Recipient;
import dev.sotto.coordination.protocol.RoundState;
import dev.sotto.coordination.protocol.SiteStanding;
import java.util.Locale;
import org.apache.flink.statefun.sdk.java.TypeName;
import org.apache.flink.statefun.sdk.java.ValueSpec;
import org.apache.flink.statefun.sdk.java.types.SimpleType;
import org.apache.flink.statefun.sdk.java.types.Type;

/** The names and types under which the runtime knows functions, messages and states. They never change. */
public final class Types {
    /** The namespace of all of them. */
    public static final String NAMESPACE = "sotto";

    /** A record's value as Kafka has it. */
    public static final Type<byte[]> BYTES =
            SimpleType.simpleImmutableTypeFrom(name("bytes"), bytes -> bytes, bytes -> bytes);

    /** A message between functions. */
    public static final Type<Command> COMMAND = json("command", Command.class);

    /** Where the runtime hands records to Kafka. */
    public static final TypeName EGRESS = name("egress");

    /** Where the runtime takes records from Kafka. */
    public static final TypeName INGRESS = name("ingress");

    /** What the function of a site remembers. */
    public static final ValueSpec<SiteStanding> STANDING =
            ValueSpec.named("standing").withCustomType(json("site-standing", SiteStanding.class));

    /** Where a task stands. */
    public static final ValueSpec<BlockState> BLOCK =
            ValueSpec.named("block").withCustomType(json("block-state", BlockState.class));

    /** Where a round stands. */
    public static final ValueSpec<RoundState> ROUND =
            ValueSpec.named("round").withCustomType(json("round-state", RoundState.class));

    /** How far the transcript has come. */
    public static final ValueSpec<TranscriptPosition> POSITION =
            ValueSpec.named("position").withCustomType(json("transcript-position", TranscriptPosition.class));

    /** The ledger, and how much of it was read back. */
    public static final ValueSpec<LedgerBook> LEDGER =
            ValueSpec.named("ledger").withCustomType(json("ledger-book", LedgerBook.class));

    private Types() {}

    /** The name of a function. */
    public static TypeName function(Recipient.Role role) {
        return name(role.name().toLowerCase(Locale.ROOT));
    }

    private static TypeName name(String name) {
        return TypeName.typeNameOf(NAMESPACE, name);
    }

    private static <T> Type<T> json(String name, Class<T> type) {
        JsonCodec<T> codec = new JsonCodec<>(type);
        return SimpleType.simpleImmutableTypeFrom(name(name), codec::write, codec::read);
    }
}
