package dev.sotto.quickstart;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between the rooms of the house. */
@AnalyzeClasses(packages = "dev.sotto", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String FLINK =
            "org.apache.flink.(api|streaming|connector|runtime|configuration|core|util|client)..";

    @ArchTest
    static final ArchRule arrows = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("jobs")
            .definedBy(
                    "dev.sotto.coordination..",
                    "dev.sotto.aggregation..",
                    "dev.sotto.scoring..",
                    "dev.sotto.quickstart..")
            .layer("connectors")
            .definedBy("dev.sotto.contracts..", "dev.sotto.broker..", "dev.sotto.connect..", "dev.sotto.site..")
            .layer("model")
            .definedBy(
                    "dev.sotto.secagg..",
                    "dev.sotto.privacy..",
                    "dev.sotto.federation..",
                    "dev.sotto.anonymization..",
                    "dev.sotto.bert..")
            .whereLayer("jobs")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("connectors")
            .mayOnlyBeAccessedByLayers("jobs");

    @ArchTest
    static final ArchRule jobsMeetAtTopics = noClasses()
            .that()
            .resideInAPackage("dev.sotto.coordination..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.sotto.aggregation..", "dev.sotto.scoring..", "dev.sotto.quickstart..");

    @ArchTest
    static final ArchRule aggregationKnowsNoOtherJob = noClasses()
            .that()
            .resideInAPackage("dev.sotto.aggregation..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.sotto.coordination..", "dev.sotto.scoring..", "dev.sotto.quickstart..", "dev.sotto.bert..");

    @ArchTest
    static final ArchRule scoringKnowsNoOtherJob = noClasses()
            .that()
            .resideInAPackage("dev.sotto.scoring..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.sotto.coordination..", "dev.sotto.aggregation..", "dev.sotto.quickstart..");

    @ArchTest
    static final ArchRule modelKnowsNoFlinkAndNoKafka = noClasses()
            .that()
            .resideInAnyPackage(
                    "dev.sotto.secagg..",
                    "dev.sotto.privacy..",
                    "dev.sotto.federation..",
                    "dev.sotto.anonymization..",
                    "dev.sotto.bert..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.flink..", "org.apache.kafka..", "org.apache.avro..");

    @ArchTest
    static final ArchRule sitesKnowNoFlink = noClasses()
            .that()
            .resideInAnyPackage("dev.sotto.site..", "dev.sotto.contracts..", "dev.sotto.broker..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.flink..");

    @ArchTest
    static final ArchRule functionsKnowTheirSdkAlone = noClasses()
            .that()
            .resideInAPackage("dev.sotto.coordination..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(FLINK);

    @ArchTest
    static final ArchRule secaggStandsAlone = noClasses()
            .that()
            .resideInAPackage("dev.sotto.secagg..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.sotto.privacy..", "dev.sotto.federation..", "dev.sotto.anonymization..", "dev.sotto.bert..");

    @ArchTest
    static final ArchRule privacyStandsAlone = noClasses()
            .that()
            .resideInAPackage("dev.sotto.privacy..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.sotto.secagg..", "dev.sotto.federation..", "dev.sotto.anonymization..", "dev.sotto.bert..");

    @ArchTest
    static final ArchRule anonymizationStandsAlone = noClasses()
            .that()
            .resideInAPackage("dev.sotto.anonymization..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.sotto.secagg..", "dev.sotto.privacy..", "dev.sotto.federation..", "dev.sotto.bert..");

    @ArchTest
    static final ArchRule bertAloneSpeaksToDjl = noClasses()
            .that()
            .resideOutsideOfPackage("dev.sotto.bert..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ai.djl..");

    @ArchTest
    static final ArchRule randomnessIsSecureOrSeeded = noClasses()
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.Random")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.concurrent.ThreadLocalRandom")
            .orShould()
            .callMethod(Math.class, "random");
}
