package dev.sotto.federation;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which server optimizer makes the next model (Reddi et al. 2021, "Adaptive Federated Optimization", algorithm 2). */
public enum OptimizerKind {
    /** Federated averaging (McMahan et al. 2017). */
    @JsonProperty("fedavg")
    FED_AVG,
    /** Adam on the mean update. */
    @JsonProperty("fedadam")
    FED_ADAM,
    /** Yogi on the mean update. */
    @JsonProperty("fedyogi")
    FED_YOGI
}
