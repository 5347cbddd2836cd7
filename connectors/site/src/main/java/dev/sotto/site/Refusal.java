package dev.sotto.site;

/** What a site refuses: the fixed words of its reports. */
public enum Refusal {
    /** An offer under another task definition than this site's file. */
    TASK_CHANGED,
    /** An offer or a seal with fewer sites than the task's {@code minCohort}. */
    COHORT_TOO_SMALL,
    /** A member that is not on this site's allow-list, or whose signed enrolment does not hold. */
    MEMBER_NOT_TRUSTED,
    /** A threshold with which the server and the colluders the task reckons with could learn both secrets of a site. */
    THRESHOLD_TOO_LOW,
    /** A mask graph with another degree than the cohort and the task's colluders and dropouts ask for. */
    GRAPH_TOO_WEAK,
    /** Terms that are none, or differ from those this site has dealt secrets for. */
    BAD_TERMS,
    /** A number of rounds above the task's {@code perBlock}. */
    TOO_MANY_ROUNDS,
    /** Too many offers with a beacon and none of them sealed: the server may be looking for a graph that it likes. */
    TOO_MANY_OFFERS,
    /** An offer in which this site stands with another enrolment than its own. */
    OWN_ENROLMENT_REPLACED,
    /** A beacon without exactly the nonces that the cohort committed to, revealed for this very offer. */
    BAD_BEACON,
    /** A roster record that is not the signed bundle of a member of the cohort, or a second one of the same member. */
    BAD_BUNDLE,
    /** A roster or seal without this site's bundle, byte for byte. */
    OWN_BUNDLE_REPLACED,
    /** A seal that is not the hash of the roster's bundles. */
    BAD_SEAL,
    /** A round outside of its block, or whose number has been used. */
    WRONG_ROUND,
    /** A round with other settings than the task's: entries, chunks, ring, clip norm, scale, noise, survivors, groups. */
    ROUND_CHANGED,
    /** One more upload than the task's budget bears, where the promise is the sites' own to keep. */
    BUDGET_SPENT,
    /** Announced sites that are not the sealed members, or too few of them. */
    BAD_ANNOUNCEMENT,
    /** A model that is not the announced one, or not of this task. */
    BAD_MODEL,
    /** Survivors that this site may not answer for. */
    BAD_SURVIVORS,
    /** A survivor whose signed manifest shows that it was shown another opening of the round. */
    SURVIVOR_SAW_ANOTHER_ROUND,
    /** A second, different set of survivors for a round that this site has answered. */
    SECOND_SURVIVOR_SET,
    /** A transcript record that is not what its kind says. */
    MALFORMED
}
