package dev.sotto.bert;

import java.util.Map;

/**
 * BERT's encoder written down once more from the paper (Devlin et al. 2019; Vaswani et al. 2017) in double precision, one
 * text at a time and with plain loops: a reference that shares nothing with the compiled module.
 */
final class ReferenceBert {
    private final BertArchitecture architecture;
    private final Map<String, Weight> weights;

    ReferenceBert(BertArchitecture architecture, Map<String, Weight> weights) {
        this.architecture = architecture;
        this.weights = weights;
    }

    /** The last hidden states of one text, tokens x hidden. */
    double[][] hiddenStates(long[] tokens) {
        double[][] x = new double[tokens.length][];
        for (int i = 0; i < tokens.length; i++) {
            double[] word = row("embeddings.word_embeddings.weight", (int) tokens[i]);
            double[] position = row("embeddings.position_embeddings.weight", i);
            double[] segment = row("embeddings.token_type_embeddings.weight", 0);
            x[i] = norm("embeddings.LayerNorm", sum(sum(word, position), segment));
        }
        for (int layer = 0; layer < architecture.layers(); layer++) {
            x = layer("encoder.layer." + layer + ".", x);
        }
        return x;
    }

    private double[][] layer(String prefix, double[][] x) {
        double[][] attended = attention(prefix + "attention.self.", x);
        double[][] result = new double[x.length][];
        for (int i = 0; i < x.length; i++) {
            double[] projected = dense(prefix + "attention.output.dense", attended[i]);
            double[] middle = norm(prefix + "attention.output.LayerNorm", sum(projected, x[i]));
            double[] inner = dense(prefix + "intermediate.dense", middle);
            for (int k = 0; k < inner.length; k++) {
                inner[k] = inner[k] * (1 + erf(inner[k] / Math.sqrt(2))) / 2;
            }
            result[i] = norm(prefix + "output.LayerNorm", sum(dense(prefix + "output.dense", inner), middle));
        }
        return result;
    }

    private double[][] attention(String prefix, double[][] x) {
        int width = architecture.hidden() / architecture.heads();
        double[][] query = each(prefix + "query", x);
        double[][] key = each(prefix + "key", x);
        double[][] value = each(prefix + "value", x);
        double[][] result = new double[x.length][architecture.hidden()];
        for (int head = 0; head < architecture.heads(); head++) {
            int from = head * width;
            for (int i = 0; i < x.length; i++) {
                double[] share = new double[x.length];
                double total = 0;
                for (int j = 0; j < x.length; j++) {
                    double score = 0;
                    for (int k = from; k < from + width; k++) {
                        score += query[i][k] * key[j][k];
                    }
                    share[j] = Math.exp(score / Math.sqrt(width));
                    total += share[j];
                }
                for (int j = 0; j < x.length; j++) {
                    for (int k = from; k < from + width; k++) {
                        result[i][k] += share[j] / total * value[j][k];
                    }
                }
            }
        }
        return result;
    }

    private double[][] each(String module, double[][] x) {
        double[][] result = new double[x.length][];
        for (int i = 0; i < x.length; i++) {
            result[i] = dense(module, x[i]);
        }
        return result;
    }

    private double[] dense(String module, double[] x) {
        Weight weight = weights.get(module + ".weight");
        double[] result = new double[weight.rows()];
        for (int out = 0; out < result.length; out++) {
            result[out] = weights.get(module + ".bias").values()[out];
            for (int in = 0; in < x.length; in++) {
                result[out] += weight.values()[out * x.length + in] * x[in];
            }
        }
        return result;
    }

    private double[] norm(String module, double[] x) {
        double mean = 0;
        for (double value : x) {
            mean += value / x.length;
        }
        double variance = 0;
        for (double value : x) {
            variance += (value - mean) * (value - mean) / x.length;
        }
        double[] result = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            result[i] = (x[i] - mean)
                            / Math.sqrt(variance + architecture.layerNormEpsilon())
                            * weights.get(module + ".weight").values()[i]
                    + weights.get(module + ".bias").values()[i];
        }
        return result;
    }

    private double[] row(String tensor, int row) {
        double[] result = new double[architecture.hidden()];
        for (int i = 0; i < result.length; i++) {
            result[i] = weights.get(tensor).values()[row * result.length + i];
        }
        return result;
    }

    private static double[] sum(double[] a, double[] b) {
        double[] result = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            result[i] = a[i] + b[i];
        }
        return result;
    }

    /** Its Taylor series, which alternates and is exact enough near zero; beyond, the function is 1 to six digits. */
    private static double erf(double x) {
        if (Math.abs(x) > 3.5) {
            return Math.signum(x);
        }
        double power = x;
        double sum = 0;
        for (int n = 0; n < 80; n++) {
            sum += power / (2 * n + 1);
            power *= -x * x / (n + 1);
        }
        return 2 / Math.sqrt(Math.PI) * sum;
    }
}
