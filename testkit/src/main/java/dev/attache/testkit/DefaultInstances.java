package dev.attache.testkit;

import java.util.Optional;

/** The messages of generated classes, found by the class's name. */
public final class DefaultInstances {
    private DefaultInstances() {}

    /**
     * The default instance of a message class.
     *
     * @param className may be null: a type without a class
     * @param kind protobuf's {@code Message}, as the caller has it
     * @return empty where there is no such class
     * @throws AssertionError if the class is none of a message
     */
    public static <M> Optional<M> of(String className, Class<M> kind) {
        if (className == null) {
            return Optional.empty();
        }
        try {
            Class<?> type = Class.forName(className);
            return Optional.of(kind.cast(type.getMethod("getDefaultInstance").invoke(null)));
        } catch (ClassNotFoundException e) {
            return Optional.empty();
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(className + " is no message", e);
        }
    }
}
