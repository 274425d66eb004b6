package dev.attache.server;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;

/** All modules that a server is made of: each package can be read without those that use it. */
@AnalyzeClasses(packages = "dev.attache", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

    private static final SliceAssignment EACH_PACKAGE =
            new SliceAssignment() {
                @Override
                public SliceIdentifier getIdentifierOf(JavaClass type) {
                    return SliceIdentifier.of(type.getPackageName());
                }

                @Override
                public String getDescription() {
                    return "each package";
                }
            };

    @ArchTest
    static final ArchRule noCirclesBetweenPackages =
            slices().assignedFrom(EACH_PACKAGE).should().beFreeOfCycles();
}
