package dev.attache.filters;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.function.Predicate;

/** The rules of a room: its factory alone reads protobuf, and it knows no other room. */
@AnalyzeClasses(
        packages = "dev.attache.filters",
        importOptions = ImportOption.DoNotIncludeTests.class)
final class RoomsTest {

    private static final String ROOT = "dev.attache.filters.";

    /** Expressions: packages of their own for all rooms that take them. */
    private static final String SHARED = "cel";

    /** What Istio's rooms have in common, beside them. */
    private static final String SHARED_BY_ISTIO = "istio.metadata";

    @ArchTest
    static final ArchRule onlyFactoriesAndWiresSeeProtobuf =
            classes()
                    .should(
                            notUse(
                                    "use protobuf unless a factory or wire",
                                    use ->
                                            isProtobuf(use)
                                                    && !mayReadProtobuf(use.getOriginClass())));

    @ArchTest
    static final ArchRule roomsKnowNoOtherRoom =
            classes().should(notUse("use another room", RoomsTest::entersAnotherRoom));

    private static ArchCondition<JavaClass> notUse(String what, Predicate<Dependency> forbidden) {
        return new ArchCondition<>("not " + what) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                for (Dependency use : type.getDirectDependenciesFromSelf()) {
                    if (forbidden.test(use)) {
                        events.add(SimpleConditionEvent.violated(use, use.getDescription()));
                    }
                }
            }
        };
    }

    private static boolean isProtobuf(Dependency use) {
        String target = use.getTargetClass().getBaseComponentType().getName();
        return target.startsWith("com.google.protobuf.") || target.startsWith("io.envoyproxy.");
    }

    private static boolean mayReadProtobuf(JavaClass type) {
        JavaClass outermost = type;
        while (outermost.getEnclosingClass().isPresent()) {
            outermost = outermost.getEnclosingClass().get();
        }
        String name = outermost.getSimpleName();
        return name.endsWith("Factory") || name.endsWith("Wire");
    }

    private static boolean entersAnotherRoom(Dependency use) {
        String from = room(use.getOriginClass());
        String to = room(use.getTargetClass().getBaseComponentType());
        return !from.isEmpty() && !to.isEmpty() && !from.equals(to);
    }

    /** {@code http.rbac}, or empty for what is no room: the list of them, what they share. */
    private static String room(JavaClass type) {
        String name = type.getPackageName();
        if (!name.startsWith(ROOT)) {
            return "";
        }
        String[] parts = name.substring(ROOT.length()).split("\\.", -1);
        if (parts.length < 2 || parts[0].equals(SHARED)) {
            return "";
        }
        String room = parts[0] + "." + parts[1];
        return room.equals(SHARED_BY_ISTIO) ? "" : room;
    }
}
