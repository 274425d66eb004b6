package dev.attache.proxy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What Maven cannot say about proxy-core: the order of its packages and the names of its classes.
 */
@AnalyzeClasses(
        packages = "dev.attache.proxy",
        importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

    private static final String ROOT = "dev.attache.proxy.";

    /** Each package, with what is below it, uses only those before it. */
    private static final List<String> ORDER =
            List.of(
                    "address",
                    "explain",
                    "metadata",
                    "log",
                    "matching",
                    "memory",
                    "overload",
                    "worker",
                    "stats",
                    "connection",
                    "transport",
                    "tls",
                    "http",
                    "stream",
                    "tracing",
                    "ratelimit",
                    "discovered",
                    "route",
                    "upstream",
                    "attempt",
                    "call",
                    "accesslog",
                    "sink",
                    "pipeline",
                    "router",
                    "network",
                    "listener",
                    "engine");

    @ArchTest
    void everyPackageStandsInTheOrder(JavaClasses all) {
        Set<String> found = new TreeSet<>();
        all.forEach(type -> found.add(topLevel(type)));
        assertThat(found).containsExactlyInAnyOrderElementsOf(ORDER);
    }

    @ArchTest
    static final ArchRule packagesUseOnlyThoseBeforeThem =
            classes()
                    .should(
                            new ArchCondition<>("use only packages before their own") {
                                @Override
                                public void check(JavaClass type, ConditionEvents events) {
                                    for (Dependency use : type.getDirectDependenciesFromSelf()) {
                                        if (againstTheOrder(use)) {
                                            events.add(
                                                    SimpleConditionEvent.violated(
                                                            use, use.getDescription()));
                                        }
                                    }
                                }
                            });

    @ArchTest
    static final ArchRule namesSayWhatAThingIs =
            noClasses()
                    .that()
                    .haveSimpleNameNotStartingWith("HttpConnectionManager")
                    .and()
                    .doNotHaveSimpleName("IdentityKeyManager")
                    .should()
                    .haveNameMatching(".*(Impl|Helper|Helpers|Util|Utils|Manager)")
                    .because(
                            "a helper lives with the thing it helps; IdentityKeyManager is the"
                                    + " X509ExtendedKeyManager of the JDK and keeps its word");

    /** What is said in dates: logs, headers, the life of certificates. Nothing waits by it. */
    private static final String DATED =
            "HealthEvents|RequestFacts|DialAttempt|HttpConnectionManager|ResponsePreparation"
                    + "|WorkerListeners|RateLimitReset|ChainVerifier|IdentityKeyManager"
                    + "|TimeCommands|CallFilters";

    @ArchTest
    static final ArchRule clocksThatJumpMoveNoTimer =
            noClasses()
                    .that()
                    .haveNameNotMatching(".*[.](" + DATED + ")([$].*)?")
                    .should()
                    .callMethod(System.class, "currentTimeMillis")
                    .orShould()
                    .callMethod(Instant.class, "now")
                    .because("timers and limits are measured by the monotonic clock");

    private static boolean againstTheOrder(Dependency use) {
        JavaClass target = use.getTargetClass().getBaseComponentType();
        if (!target.getPackageName().startsWith(ROOT)) {
            return false;
        }
        String from = topLevel(use.getOriginClass());
        return ORDER.indexOf(topLevel(target)) > ORDER.indexOf(from);
    }

    private static String topLevel(JavaClass type) {
        String below = type.getPackageName().substring(ROOT.length());
        int dot = below.indexOf('.');
        return dot < 0 ? below : below.substring(0, dot);
    }
}
