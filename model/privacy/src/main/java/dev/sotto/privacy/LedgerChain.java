package dev.sotto.privacy;

import dev.sotto.privacy.LedgerEntry.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The append-only, hash-chained privacy ledger of one task, within one budget.
 *
 * <pre>
 * state of a release | reserve, same input and rho | reserve, other | commit, same input | commit, other
 * unknown            | charged, if it fits          | -              | refused            | refused
 * reserved           | repeated, no charge          | refused        | committed          | refused
 * committed          | repeated, no charge          | refused        | repeated           | refused
 * </pre>
 *
 * A charge is never given back, so an aborted release stays paid for. The origin of the chain is the hash of the task and its budget: neither can be
 * changed under an existing chain. The hashes find damage and reordering; against someone who rewrites the whole chain, compare {@link #contains
 * the published head}. Not thread-safe: one writer per task.
 */
public final class LedgerChain {
    private static final String DOMAIN = "sotto/ledger/v1";

    private final String task;
    private final PrivacyBudget budget;
    private final Digest origin;
    private final List<LedgerEntry> entries = new ArrayList<>();
    private final Map<ReleaseId, LedgerEntry> reservations = new HashMap<>();
    private final Map<ReleaseId, LedgerEntry> commits = new HashMap<>();
    private double spentRho;

    private LedgerChain(String task, PrivacyBudget budget) {
        this.task = Preconditions.text("task", task);
        this.budget = budget;
        this.origin = Digest.sha256(new LengthPrefixed(DOMAIN)
                .text(task)
                .number(budget.epsilon())
                .number(budget.delta())
                .number(budget.rho())
                .number(budget.largestOrder())
                .toByteArray());
    }

    /** A new ledger with nothing spent. */
    public static LedgerChain open(String task, PrivacyBudget budget) {
        return new LedgerChain(task, budget);
    }

    /**
     * The ledger that the entries, in order, lead to.
     *
     * @throws BrokenLedgerException when an entry is missing, out of order, of another task or budget, or was never admissible
     */
    public static LedgerChain replay(String task, PrivacyBudget budget, List<LedgerEntry> entries) {
        LedgerChain chain = open(task, budget);
        for (int i = 0; i < entries.size(); i++) {
            LedgerEntry entry = entries.get(i);
            String where = "entry " + (i + 1) + " of " + entries.size() + ", " + entry.kind() + " " + entry.releaseId();
            if (!entry.previousHash().equals(chain.head())) {
                throw new BrokenLedgerException(
                        where + ", follows " + entry.previousHash() + " but the chain stands at " + chain.head());
            }
            LedgerDecision decision = chain.apply(entry.kind(), entry.releaseId(), entry.inputHash(), entry.rho());
            if (!(decision instanceof LedgerDecision.Appended)) {
                throw new BrokenLedgerException(where + ", could not have been written: " + decision);
            }
        }
        return chain;
    }

    /**
     * The ledger kept in bytes by {@link #serialize()}.
     *
     * @throws BrokenLedgerException when the bytes are cut, altered or of another format
     */
    public static LedgerChain deserialize(byte[] bytes) {
        return LedgerFormat.read(bytes);
    }

    /** The task, budget, entries, head and total as bytes; 45 bytes an entry. */
    public byte[] serialize() {
        return LedgerFormat.write(this);
    }

    /**
     * Charges a release, once. Make the entry durable before any noise is drawn.
     *
     * @param inputHash the hash of what the release is computed from
     * @param rho its zCDP cost, positive
     */
    public LedgerDecision reserve(ReleaseId release, Digest inputHash, double rho) {
        return apply(Kind.RESERVE, release, inputHash, rho);
    }

    /** Records that a reserved release was published, once. */
    public LedgerDecision commit(ReleaseId release, Digest inputHash) {
        LedgerEntry reserved = reservations.get(release);
        if (reserved == null) {
            return new LedgerDecision.Refused(release + " was never reserved: reserve it before it is released");
        }
        return apply(Kind.COMMIT, release, inputHash, reserved.rho());
    }

    private LedgerDecision apply(Kind kind, ReleaseId release, Digest inputHash, double rho) {
        Preconditions.positive("rho of " + release, rho);
        if (!release.task().equals(task)) {
            return new LedgerDecision.Refused(release + " does not belong to the ledger of task " + task);
        }
        LedgerEntry reserved = reservations.get(release);
        if (reserved != null && !reserved.claims(inputHash, rho)) {
            return new LedgerDecision.Refused(release + " is reserved with input " + reserved.inputHash() + " and rho "
                    + reserved.rho() + ", now asked with input " + inputHash + " and rho " + rho
                    + ": other data or terms need a new round number");
        }
        LedgerEntry known = kind == Kind.RESERVE ? reserved : commits.get(release);
        if (known != null) {
            return new LedgerDecision.Repeated(known);
        }
        if (kind == Kind.RESERVE && budget.admit(spentRho, rho) instanceof Admission.Refused refused) {
            return new LedgerDecision.Refused(refused.reason());
        }
        if (kind == Kind.COMMIT && reserved == null) {
            return new LedgerDecision.Refused(release + " was never reserved: reserve it before it is released");
        }
        return append(LedgerEntry.following(head(), kind, release, inputHash, rho));
    }

    private LedgerDecision append(LedgerEntry entry) {
        entries.add(entry);
        if (entry.kind() == Kind.RESERVE) {
            reservations.put(entry.releaseId(), entry);
            spentRho += entry.rho();
        } else {
            commits.put(entry.releaseId(), entry);
        }
        return new LedgerDecision.Appended(entry);
    }

    /** The task this ledger is of. */
    public String task() {
        return task;
    }

    /** The bound. */
    public PrivacyBudget budget() {
        return budget;
    }

    /** What the reservations add up to. */
    public double spentRho() {
        return spentRho;
    }

    /** What was spent, as epsilon at the budget's delta. */
    public double spentEpsilon() {
        return budget.epsilonOf(spentRho);
    }

    /** The hash of the last entry, or the origin. */
    public Digest head() {
        return entries.isEmpty() ? origin : entries.get(entries.size() - 1).hash();
    }

    /** Whether this chain once stood, or stands, at a head; false for a published head means that this chain is stale or forged. */
    public boolean contains(Digest publishedHead) {
        return origin.equals(publishedHead)
                || entries.stream().anyMatch(entry -> entry.hash().equals(publishedHead));
    }

    /** The reservation of a release, if there is one. */
    public Optional<LedgerEntry> reservation(ReleaseId release) {
        return Optional.ofNullable(reservations.get(release));
    }

    /** Whether a release was published. */
    public boolean isCommitted(ReleaseId release) {
        return commits.containsKey(release);
    }

    /** All entries, oldest first. */
    public List<LedgerEntry> entries() {
        return List.copyOf(entries);
    }
}
