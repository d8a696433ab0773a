/**
 * Whether a merchant can be served, and what has to be mended first: a checklist made of what is
 * stored and, where that is asked for, of what WeChat says just now.
 *
 * <p>Owns no table; reads those of authorizers, quotas, applications and packages.
 */
@NullMarked
package io.yima.readiness;

import org.jspecify.annotations.NullMarked;
