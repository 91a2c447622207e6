-- Switches on every notice of change.
call qiantu.arm_changes()
