package dev.attache.filters;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Rooms do not know each other, and protobuf enters them by one door. */
@AnalyzeClasses(
        packages = {"dev.attache.filters", "dev.attache.config"},
        importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureOfRoomsTest {
    @ArchTest
    static final ArchRule ROOMS_DO_NOT_IMPORT_ROOMS =
            slices().matching("dev.attache.filters.(*).(*)..")
                    .should()
                    .notDependOnEachOther()
                    .ignoreDependency(alwaysTrue(), resideInAPackage("dev.attache.filters.cel.."))
                    .ignoreDependency(
                            alwaysTrue(), resideInAPackage("dev.attache.filters.istio.metadata"));

    @ArchTest
    static final ArchRule EXPRESSIONS_HAVE_NO_CYCLES =
            slices().matching("dev.attache.filters.cel.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule ONLY_FACTORIES_AND_WIRES_SEE_PROTOBUF =
            noClasses()
                    .that()
                    .resideInAPackage("dev.attache.filters..")
                    .and()
                    .haveNameNotMatching(".*(Factory|Wire)(\\$.*)?")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "com.google.protobuf..", "io.envoyproxy..", "com.github.xds..");

    @ArchTest
    static final ArchRule THE_COMPILER_HAS_NO_CYCLES =
            slices().matching("dev.attache.config.(*)..").should().beFreeOfCycles();
}
