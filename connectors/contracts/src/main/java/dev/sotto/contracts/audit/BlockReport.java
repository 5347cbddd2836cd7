package dev.sotto.contracts.audit;

import java.util.List;

/**
 * What an audit saw of a block.
 *
 * @param block its number
 * @param first the number of its first record
 * @param last the number of its last record, rounds included
 * @param cohort how many sites it was offered to
 * @param degree neighbours of each site in the mask graph; 0: everybody is everybody's
 * @param threshold shares that give a secret back
 * @param members how many sites are sealed
 * @param countersigned how many of them have signed an upload that names the seal
 * @param sealHash the seal in hexadecimal; empty if there is none
 * @param outcome RUNNING, SEALED or ABORTED
 * @param standing whether all that holds, rounds included
 * @param rounds its rounds, in order
 */
public record BlockReport(
        int block,
        long first,
        long last,
        int cohort,
        int degree,
        int threshold,
        int members,
        int countersigned,
        String sealHash,
        Outcome outcome,
        Standing standing,
        List<RoundReport> rounds) {
    public BlockReport {
        rounds = List.copyOf(rounds);
    }
}
