package dev.attache.proxy.engine;

/** Makes what hostile code throws. */
final class Thrown {

    private Thrown() {}

    /** Throws a new one of {@code what}, declared or not. */
    static RuntimeException sneaky(Class<? extends Throwable> what) {
        Throwable thrown;
        try {
            thrown = what.getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(what + " cannot be made", e);
        }
        return Thrown.<RuntimeException>as(thrown);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> RuntimeException as(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
