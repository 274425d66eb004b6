package dev.attache.proxy.worker;

/** Is told of code that is not the engine's own and threw where it may not. Loop-confined. */
@FunctionalInterface
public interface FaultListener {

    /**
     * @param who threw, by its name in the configuration where it has one
     * @param callback the method that threw
     */
    void onFault(String who, String callback, Throwable why);
}
