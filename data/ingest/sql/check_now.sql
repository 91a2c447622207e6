set constraints qiantu.move_parts immediate
