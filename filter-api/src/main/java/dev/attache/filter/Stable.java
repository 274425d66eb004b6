package dev.attache.filter;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A filter that compiles and runs against this type does so with every later version of the same
 * major version: nothing is removed, no method without a default is added to what authors
 * implement. The build fails on a change that breaks this.
 */
@Stable(since = "0.1")
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Stable {

    /** The version that brought the type. */
    String since();

    /** Authors implement it, not only the proxy: no abstract method may come to it. */
    boolean implementedByAuthors() default false;
}
