package dev.sotto.site.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.bert.EntitySpan;
import dev.sotto.bert.Example;
import dev.sotto.bert.TextPair;
import dev.sotto.federation.ConfigurationException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LabelSkewTest {
    private static final int SITES = 8;
    private static final List<Example> ROWS = IntStream.range(0, 3000)
            .mapToObj(i -> new Example("row " + i, i % 3))
            .toList();

    @Test
    void dirichlet_anyAlpha_givesEveryRowToOneSite() {
        List<List<Example>> shares = LabelSkew.dirichlet(ROWS, SITES, 0.3, new SplittableRandom(1));
        List<Example> all = new ArrayList<>();
        shares.forEach(all::addAll);
        assertThat(all).containsExactlyInAnyOrderElementsOf(ROWS);
        assertThat(shares).hasSize(SITES).allSatisfy(share -> assertThat(share).hasSizeGreaterThanOrEqualTo(2));
    }

    /** The shares of a class have variance (1/n)(1 - 1/n)/(n alpha + 1); five standard errors over 200 draws of 3 classes. */
    @Test
    void dirichlet_overManyDraws_hasTheVarianceOfItsShares() {
        for (double alpha : new double[] {0.2, 1, 20}) {
            double square = 0;
            int draws = 200;
            SplittableRandom random = new SplittableRandom(7);
            for (int draw = 0; draw < draws; draw++) {
                for (List<Example> share : LabelSkew.dirichlet(ROWS, SITES, alpha, random)) {
                    double[] counts = new double[3];
                    share.forEach(row -> counts[row.label(0)]++);
                    square += Arrays.stream(counts)
                            .map(count -> Math.pow(count / 1000 - 1.0 / SITES, 2))
                            .sum();
                }
            }
            double drawn = square / (3.0 * SITES * draws) - (1.0 / SITES) * (1 - 1.0 / SITES) / 1000;
            double expected = (1.0 / SITES) * (1 - 1.0 / SITES) / (SITES * alpha + 1);
            // Draws that leave a site without rows are taken again, which at small alpha favours even ones a little.
            assertThat(drawn / expected).as("alpha %s", alpha).isBetween(0.8, 1.15);
        }
    }

    /** At a small alpha nearly all texts of a kind of entity are at one site, as those of a class are. */
    @Test
    void dirichlet_ofEntities_skewsTheKindsThatTextsBeginWith() {
        List<Example> rows = IntStream.range(0, 3000)
                .mapToObj(i -> new Example(
                        TextPair.of("row " + i),
                        List.of(Example.UNKNOWN),
                        i % 3 == 0 ? List.of() : List.of(new EntitySpan(0, 3, i % 3 - 1)),
                        List.of()))
                .toList();
        List<List<Example>> shares = LabelSkew.dirichlet(rows, SITES, 0.05, new SplittableRandom(3));
        for (int kind = 0; kind < 2; kind++) {
            int label = kind;
            assertThat(shares.stream()
                            .mapToLong(share -> share.stream()
                                    .filter(row -> !row.entities().isEmpty()
                                            && row.entities().get(0).label() == label)
                                    .count())
                            .max()
                            .orElse(0))
                    .isGreaterThan(500);
        }
    }

    @Test
    void none_dealsInTurn() {
        List<List<Example>> shares = LabelSkew.none(ROWS, SITES);
        assertThat(shares).allSatisfy(share -> assertThat(share).hasSize(375));
        assertThat(shares.get(3).get(1)).isEqualTo(ROWS.get(11));
    }

    @Test
    void rows_tooFewOrAlphaThatIsNone_areRefused() {
        SplittableRandom random = new SplittableRandom(1);
        assertThatThrownBy(() -> LabelSkew.none(ROWS.subList(0, 15), SITES))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("15 rows cannot be parted among 8 sites");
        assertThatThrownBy(() -> LabelSkew.dirichlet(ROWS, SITES, 0, random)).hasMessageContaining("--alpha is 0.0");
        assertThatThrownBy(() -> LabelSkew.dirichlet(ROWS.subList(0, 20), SITES, 0.01, random))
                .hasMessageContaining("raise --alpha");
    }
}
