package dev.attache.filters.cel.function;

import dev.attache.filters.cel.value.Bytes;
import dev.attache.filters.cel.value.CelMap;
import dev.attache.filters.cel.value.Comparison;
import dev.attache.filters.cel.value.Fault;
import dev.attache.filters.cel.value.TypeName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which functions there are. Operators are functions with names of their own. */
public final class Functions {
    private Functions() {}

    /**
     * The function of a name, or null.
     *
     * @param receiver whether it is called as {@code x.name()}
     * @param arguments how many there are, a receiver among them
     */
    public static @Nullable Function find(
            String name, boolean receiver, int arguments, FunctionOptions options) {
        Function found =
                switch (arguments) {
                    case 1 -> unary(name, receiver, options);
                    case 2 -> binary(name, receiver, options);
                    default -> null;
                };
        if (found == null && options.strings()) {
            found = StringFunctions.find(name, receiver, arguments);
        }
        if (found == null && !receiver) {
            found = RegexFunctions.find(name, arguments);
        }
        return found;
    }

    private static Function.@Nullable Unary unary(
            String name, boolean receiver, FunctionOptions options) {
        if (receiver) {
            return name.equals("size") ? Functions::size : TimeFunctions.find(name);
        }
        return switch (name) {
            case "!_" -> value -> value instanceof Boolean flag ? (Object) !flag : Fault.FAULT;
            case "-_" -> Arithmetic::negate;
            case "size" -> Functions::size;
            case "type" -> TypeName::of;
            case "dyn" -> value -> value;
            case "string" -> options.conversion() ? Conversions::string : null;
            default -> Conversions.find(name);
        };
    }

    private static Function.@Nullable Binary binary(
            String name, boolean receiver, FunctionOptions options) {
        return switch (name) {
            case "contains" -> strings(String::contains);
            case "startsWith" -> strings(String::startsWith);
            case "endsWith" -> strings(String::endsWith);
            default -> receiver ? TimeFunctions.findInZone(name) : operator(name, options);
        };
    }

    private static Function.@Nullable Binary operator(String name, FunctionOptions options) {
        return switch (name) {
            case "_==_" -> Comparison::equal;
            case "_!=_" -> Functions::different;
            case "_<_" -> ordered(order -> order < 0);
            case "_<=_" -> ordered(order -> order <= 0);
            case "_>_" -> ordered(order -> order > 0);
            case "_>=_" -> ordered(order -> order >= 0);
            case "_+_" -> options.concatenation() ? Arithmetic::addOrConcatenate : Arithmetic::add;
            case "_-_" -> Arithmetic::subtract;
            case "_*_" -> Arithmetic::multiply;
            case "_/_" -> Arithmetic::divide;
            case "_%_" -> Arithmetic::remainder;
            case "@in", "_in_", "in" -> Functions::in;
            default -> null;
        };
    }

    @FunctionalInterface
    private interface TextTest {
        boolean test(String text, String part);
    }

    private static Function.Binary strings(TextTest test) {
        return (left, right) ->
                left instanceof String text && right instanceof String part
                        ? (Object) test.test(text, part)
                        : Fault.FAULT;
    }

    @FunctionalInterface
    private interface OrderTest {
        boolean test(int order);
    }

    private static Function.Binary ordered(OrderTest test) {
        return (left, right) -> {
            int order = Comparison.order(left, right);
            if (order == Comparison.NONE) {
                return Fault.FAULT;
            }
            return order != Comparison.UNORDERED && test.test(order);
        };
    }

    private static Object size(Object value) {
        return switch (value) {
            case String text -> (long) CodePoints.count(text);
            case Bytes bytes -> (long) bytes.octets().length();
            case List<?> list -> (long) list.size();
            case CelMap map -> (long) map.size();
            default -> Fault.FAULT;
        };
    }

    private static Object different(Object left, Object right) {
        return Comparison.equal(left, right) instanceof Boolean equal
                ? (Object) !equal
                : Fault.FAULT;
    }

    private static Object in(Object value, Object holder) {
        if (holder instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                if (Comparison.equal(value, list.get(i)) == Boolean.TRUE) {
                    return true;
                }
            }
            return false;
        }
        if (holder instanceof CelMap map) {
            return map.holds(value);
        }
        return Fault.FAULT;
    }
}
