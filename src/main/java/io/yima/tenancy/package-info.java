/**
 * Who a row belongs to, and how code acts for one tenant only.
 *
 * <p>Owns the identifiers of tenant and merchant, the read side of the directory table {@code
 * provider}, and the one place where a transaction of the API is bound to a provider, which row
 * level security then enforces. Every room above works through it.
 */
@NullMarked
package io.yima.tenancy;

import org.jspecify.annotations.NullMarked;
