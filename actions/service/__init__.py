"""What the shop promises (hours, delivery, payment, refunds, warranty, coupons) and what customers think of it."""
