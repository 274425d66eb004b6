package dev.attache.filter;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What whoever compiles against a type sees of it, a line for each: the type with what it extends,
 * its constants, constructors and methods. Pure.
 */
final class Signatures {

    private Signatures() {}

    /**
     * What keeps a listing from being recorded in place of another, or from being used by who
     * compiled against that.
     *
     * @param broken lines of stable types that are gone or changed, and methods that authors would
     *     have to implement from now on
     * @param unrecorded lines that came, or changed in types that may change
     */
    record Difference(List<String> broken, List<String> unrecorded) {}

    /** Compares two listings. */
    static Difference compare(List<String> recorded, List<String> now) {
        Set<String> current = new LinkedHashSet<>(now);
        Set<String> before = new LinkedHashSet<>(recorded);
        List<String> broken = new ArrayList<>();
        List<String> unrecorded = new ArrayList<>();
        for (String line : recorded) {
            if (!current.contains(line)) {
                (isStable(line) ? broken : unrecorded).add("- " + line);
            }
        }
        for (String line : now) {
            if (!before.contains(line)) {
                boolean asks = line.contains(" authors ") && line.contains(" abstract ");
                boolean isNew = recorded.stream().noneMatch(old -> owner(old).equals(owner(line)));
                (asks && !isNew ? broken : unrecorded).add("+ " + line);
            }
        }
        return new Difference(List.copyOf(broken), List.copyOf(unrecorded));
    }

    private static boolean isStable(String line) {
        return line.contains(": stable");
    }

    private static String owner(String line) {
        return line.substring(0, line.indexOf(':'));
    }

    /** The lines of all types, in order. */
    static List<String> of(List<Class<?>> types) {
        List<String> lines = new ArrayList<>();
        types.stream()
                .sorted(Comparator.comparing(Class::getName))
                .forEach(type -> lines.addAll(of(type)));
        return lines;
    }

    private static Set<String> of(Class<?> type) {
        String start = type.getName().substring(type.getPackageName().length() + 1);
        String marked = start + ": " + mark(type) + " ";
        Set<String> lines = new TreeSet<>();
        lines.add(marked + head(type));
        for (Field field : type.getDeclaredFields()) {
            if (isSeen(field.getModifiers()) && !field.isSynthetic()) {
                lines.add(marked + "field " + flags(field.getModifiers()) + text(field));
            }
        }
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (isSeen(constructor.getModifiers()) && !type.isEnum()) {
                lines.add(marked + "constructor " + parameters(constructor));
            }
        }
        for (Method method : type.getDeclaredMethods()) {
            if (isSeen(method.getModifiers()) && !method.isSynthetic()) {
                lines.add(marked + text(method));
            }
        }
        return lines;
    }

    private static String mark(Class<?> type) {
        Class<?> outer = type;
        for (Class<?> next = type; next != null; next = next.getDeclaringClass()) {
            outer = next;
        }
        Stable stable = outer.getAnnotation(Stable.class);
        if (stable != null) {
            return "stable " + stable.since() + (stable.implementedByAuthors() ? " authors" : "");
        }
        Evolving evolving = outer.getAnnotation(Evolving.class);
        return evolving == null ? "unmarked" : "evolving " + evolving.since();
    }

    private static boolean isSeen(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static String flags(int modifiers) {
        String text =
                Modifier.toString(
                        modifiers & (Modifier.STATIC | Modifier.FINAL | Modifier.ABSTRACT));
        return text.isEmpty() ? "" : text + " ";
    }

    private static String head(Class<?> type) {
        String kind =
                type.isAnnotation()
                        ? "annotation"
                        : type.isInterface() ? "interface" : type.isEnum() ? "enum" : "class";
        String over =
                Arrays.stream(type.getGenericInterfaces())
                        .map(Signatures::name)
                        .sorted()
                        .collect(Collectors.joining(", "));
        Type parent = type.getGenericSuperclass();
        return "type "
                + flags(type.getModifiers() & ~Modifier.ABSTRACT)
                + (type.isSealed() ? "sealed " : "")
                + kind
                + (parent == null || type.isEnum() ? "" : " extends " + name(parent))
                + (over.isEmpty() ? "" : " of " + over);
    }

    private static String text(Field field) {
        return name(field.getGenericType()) + " " + field.getName();
    }

    private static String text(Method method) {
        String thrown =
                Arrays.stream(method.getGenericExceptionTypes())
                        .map(Signatures::name)
                        .sorted()
                        .collect(Collectors.joining(", "));
        return "method "
                + flags(method.getModifiers())
                + variables(method)
                + name(method.getGenericReturnType())
                + " "
                + method.getName()
                + parameters(method)
                + (thrown.isEmpty() ? "" : " throws " + thrown);
    }

    private static String variables(Method method) {
        TypeVariable<?>[] variables = method.getTypeParameters();
        return variables.length == 0
                ? ""
                : Arrays.stream(variables)
                        .map(variable -> variable.getName())
                        .collect(Collectors.joining(", ", "<", "> "));
    }

    private static String parameters(Executable of) {
        return Arrays.stream(of.getGenericParameterTypes())
                .map(Signatures::name)
                .collect(Collectors.joining(", ", "(", ")"));
    }

    private static String name(@Nullable Type type) {
        return String.valueOf(type == null ? "" : type.getTypeName())
                .replace(Signatures.class.getPackageName() + ".", "")
                .replace("java.lang.", "")
                .replace("java.util.", "");
    }
}
