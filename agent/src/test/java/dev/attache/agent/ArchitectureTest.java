package dev.attache.agent;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;

/** The order of the agent's packages, as docs/architecture.md has it. */
@AnalyzeClasses(
        packages = "dev.attache.agent",
        importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

    private static final List<String> ORDER =
            List.of(
                    "environment",
                    "libc",
                    "document",
                    "metrics",
                    "http",
                    "grpc",
                    "hook",
                    "pem",
                    "report",
                    "mesh",
                    "bootstrap",
                    "command",
                    "control",
                    "identity",
                    "sds",
                    "names",
                    "relay",
                    "health",
                    "socket",
                    "dataplane",
                    "status",
                    "onboard");

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

    @ArchTest
    static void eachUsesOnlyThoseBeforeIt(JavaClasses classes) {
        LayeredArchitecture layers =
                layeredArchitecture()
                        .consideringOnlyDependenciesInAnyPackage("dev.attache.agent..");
        for (String name : ORDER) {
            layers = layers.layer(name).definedBy("dev.attache.agent." + name + "..");
        }
        for (int i = 0; i < ORDER.size(); i++) {
            String[] before = ORDER.subList(0, i).toArray(String[]::new);
            layers =
                    before.length == 0
                            ? layers.whereLayer(ORDER.get(i)).mayNotAccessAnyLayer()
                            : layers.whereLayer(ORDER.get(i)).mayOnlyAccessLayers(before);
        }
        layers.ignoreDependency(resideInAPackage("dev.attache.agent"), alwaysTrue()).check(classes);
    }
}
