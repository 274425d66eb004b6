package dev.attache.agent.relay;

/**
 * Whether the workload is well, as its probe says.
 *
 * @param reason why not; empty where it is well
 */
public record Health(boolean well, String reason) {

    /** It is well. */
    public static final Health WELL = new Health(true, "");

    /** It is not. */
    public static Health unwell(String reason) {
        return new Health(false, reason);
    }
}
