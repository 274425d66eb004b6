package dev.attache.console;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** A room for each command, which know nothing of each other. */
@AnalyzeClasses(
        packages = "dev.attache.console",
        importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

    @ArchTest
    static final ArchRule noCirclesBetweenPackages =
            slices().matching("dev.attache.console.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule commandsDoNotKnowEachOther =
            slices().matching("dev.attache.console.(explain|xds|top)..")
                    .should()
                    .notDependOnEachOther()
                    .allowEmptyShould(true);
}
