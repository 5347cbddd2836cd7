package dev.sotto.coordination.protocol;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.NoiseCodec;
import dev.sotto.contracts.RecordKeys;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.contracts.SeedCodec;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.UnmaskCodec;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Unmask;
import dev.sotto.contracts.avro.UnmaskSeeds;
import dev.sotto.secagg.AnswerCheck;
import dev.sotto.secagg.BadDealingException;
import dev.sotto.secagg.SignedSeed;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.SurvivorSet;
import dev.sotto.secagg.UnmaskShares;
import dev.sotto.secagg.Unmasking;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The survivors answer with their shares, and where noise comes off with what it comes from: then the round waits for all of them until its time is
 * over. The answers are secrets; they leave the state with it.
 *
 * @param roster the round's part of the bundles
 * @param terms what the round is about
 * @param window who is in the sum
 * @param survivors the transcript's record that the sites answer
 * @param answers Avro binary of each {@code Unmask} taken so far, by site
 * @param good how many good shares of each site's secret they hold
 */
public record UnmaskingRound(
        RoundRoster roster,
        RoundTerms terms,
        Window window,
        TranscriptPosition survivors,
        SortedMap<SiteId, byte[]> answers,
        SortedMap<SiteId, Integer> good)
        implements RoundState {
    @Override
    public Decision<RoundState> windowFired(Window again, Moment moment) throws RejectedRecordException {
        return Repeats.sameWindow(this, window, again);
    }

    @Override
    public Decision<RoundState> unmaskDue(Moment moment) throws RejectedRecordException {
        SurvivorSet set = survivorSet();
        if (isReady(set)) {
            // It has only waited for noise that could be taken off.
            return release(set, new ArrayList<>(), moment);
        }
        return Aborting.abort(
                terms,
                "%d sites answered in time and %d good shares of every site are needed; a fresh round follows"
                        .formatted(answers.size(), roster.graph().threshold()),
                moment);
    }

    @Override
    public Decision<RoundState> answered(SiteRecord answer, Moment moment) throws RejectedRecordException {
        Unmask payload = answer.payload(Unmask.class);
        if (!Arrays.equals(AvroCodec.bytes(payload.getSurvivorsHash()), survivors.head())) {
            throw new RejectedRecordException(
                    Rejection.CONFLICT,
                    "%s answers another survivors record than the transcript's".formatted(answer.site()));
        }
        SurvivorSet set = survivorSet();
        if (!set.survivors().contains(answer.site())) {
            throw new RejectedRecordException(
                    Rejection.INVALID_FIELD, "%s is not among the survivors".formatted(answer.site()));
        }
        byte[] taken = AvroCodec.encode(payload);
        byte[] earlier = answers.get(answer.site());
        if (earlier != null) {
            return same(earlier, taken, answer);
        }
        UnmaskShares shares = shares(answer.site(), payload);
        // What is given away of noise is opened when all of it is there; it must be well formed now.
        UnmaskCodec.noise(payload);
        if (!shares.round().equals(terms.round())) {
            throw new RejectedRecordException(
                    Rejection.WRONG_ROUND, "%s is not %s".formatted(shares.round(), terms.round()));
        }
        AnswerCheck.Checked checked = roster.check(set, shares);
        SortedMap<SiteId, byte[]> more = new TreeMap<>(answers);
        more.put(answer.site(), taken);
        SortedMap<SiteId, Integer> tally = new TreeMap<>(good);
        checked.good().keySet().forEach(dealer -> tally.merge(dealer, 1, Integer::sum));
        List<Effect> effects = new ArrayList<>();
        if (!checked.bad().isEmpty()) {
            effects.add(new Effect.Tell(
                    Recipient.site(answer.site()),
                    new SiteCommand.Refused(
                            terms.round().task(), Rejection.BAD_SHARE, badShares(checked), answer.envelope())));
        }
        UnmaskingRound next = new UnmaskingRound(roster, terms, window, survivors, more, tally);
        return next.isReady(set) && !next.isWaiting(set, moment)
                ? next.release(set, effects, moment)
                : new Decision<>(next, effects);
    }

    private SurvivorSet survivorSet() throws RejectedRecordException {
        return new SurvivorSet(terms.round(), terms.parted(), window.sites());
    }

    private Decision<RoundState> same(byte[] earlier, byte[] again, SiteRecord answer) throws RejectedRecordException {
        if (!Arrays.equals(earlier, again)) {
            throw new RejectedRecordException(
                    Rejection.CONFLICT, "%s has answered otherwise before".formatted(answer.site()));
        }
        return Decision.stay(this);
    }

    /** Whether every announced site's secret can be reconstructed. */
    private boolean isReady(SurvivorSet set) {
        int threshold = roster.graph().threshold();
        return set.announced().stream().allMatch(dealer -> good.getOrDefault(dealer, 0) >= threshold);
    }

    /** Whether there are survivors whose noise could be taken off if they answered. */
    private boolean isWaiting(SurvivorSet set, Moment moment) {
        return answers.size() < set.survivors().size() && NoiseRemoval.isDue(moment.task(), roster.graph(), set);
    }

    private Unmasking opened(SurvivorSet set) throws RejectedRecordException {
        List<UnmaskShares> all = new ArrayList<>();
        for (Map.Entry<SiteId, byte[]> answer : answers.entrySet()) {
            all.add(shares(answer.getKey(), AvroCodec.decode(answer.getValue(), Unmask.class)));
        }
        return roster.unmasking(terms, set, all);
    }

    private Decision<RoundState> release(SurvivorSet set, List<Effect> effects, Moment moment)
            throws RejectedRecordException {
        SortedMap<Integer, List<SignedSeed>> seeds;
        try {
            seeds = opened(set).seeds();
        } catch (BadDealingException e) {
            String reason = String.valueOf(e.getMessage());
            effects.add(SiteCommand.strike(e.dealer(), terms.round().task(), reason));
            Decision<RoundState> aborted = Aborting.abort(terms, reason, moment);
            effects.addAll(aborted.effects());
            return new Decision<>(aborted.next(), effects);
        }
        NoiseRemoval noise = NoiseRemoval.open(moment.task(), roster.graph(), set, window.survivors(), answers);
        effects.addAll(noise.effects(set));
        UnmaskSeeds record = new UnmaskSeeds(
                terms.round().number(),
                set.survivors().stream().map(SiteId::value).toList(),
                SeedCodec.toRecords(seeds),
                NoiseCodec.toRecords(noise.links()));
        noise.close();
        seeds.values().forEach(ofGroup -> ofGroup.forEach(seed -> seed.seed().destroy()));
        effects.add(new Effect.Publish(
                Topics.UNMASK,
                RecordKeys.round(terms.round()),
                terms.round().task(),
                Kind.UNMASK_SEEDS,
                survivors,
                record));
        return new Decision<>(new Releasing(terms, window, survivors), effects);
    }

    private UnmaskShares shares(SiteId site, Unmask record) throws RejectedRecordException {
        return UnmaskCodec.fromRecord(terms.round().task(), site, record);
    }

    private static String badShares(AnswerCheck.Checked checked) {
        List<String> named = checked.bad().stream()
                .map(bad -> bad.of() + " (" + bad.fault() + ")")
                .toList();
        return "shares left out, the others count: " + String.join(", ", named);
    }
}
